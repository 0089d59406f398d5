-- Every copy of every classification of a Zooniverse project, with the first answer that it gives.
{{ rebuilt_by('opened_at') }}
with

landed as {{ inlined() }} (

    select * from {{ source('lake', 'zooniverse') }}
    where {{ touched('opened_at') }}

),

-- What a later export says of the subject or the workflow makes no other classification of it.
copies as (

    {{ with_copies(
        'landed',
        content=['classification_id', 'opened_at', 'saved_at'],
        position='line_number',
        repeats=false,
    ) }}

)

select
    event_id,
    is_accepted,
    file_id,
    line_number,

    {{ first_result(json_elements('annotations'), 'task', first_answer('task')) }} as label,
    'classification' as annotation_type,
    {{ json_text_of(
        {
            'workflow_name': 'workflow_name', 'workflow_version': 'workflow_version',
            'gold_standard': 'gold_standard', 'expert': 'expert',
        },
        {'annotations': 'annotations'},
    ) }} as payload,

    coalesce(user_name, user_id) as user_id,
    user_name,
    cast(null as varchar) as task_id,
    workflow_id as assignment_id,
    subject_ids as item_id,
    classification_id as annotation_id,

    not_utf8_columns,
    not_utf8_text,
    cast({{ epoch_ms('saved_at') }} - {{ epoch_ms('created_at') }} as bigint) as clock_off_ms,

    opened_at,
    saved_at
from copies
