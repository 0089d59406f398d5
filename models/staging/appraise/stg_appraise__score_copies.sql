-- Every copy of every score that was saved in Appraise, with the worst of the errors marked.
{{ rebuilt_by('opened_at') }}
with

landed as (

    select * from {{ source('lake', 'appraise') }}
    where {{ touched('opened_at') }}

),

marked as (

    select
        *,
        {{ distinct_results(
            json_objects('error_spans', {'severity': 'VARCHAR'}), 'span', 'span.severity'
        ) }} as severities
    from landed

),

copies as (

    {{ with_copies(
        'marked',
        content=[
            'login', 'system', 'item', 'item_type', 'source_language', 'target_language',
            'score', 'document', 'is_document', 'error_spans', 'opened_at', 'saved_at',
        ],
        position='line_number',
    ) }}

)

select
    event_id,
    is_accepted,
    file_id,
    line_number,

    {{ first_result(
        "['critical', 'major', 'minor', 'undecided']", 'severity',
        'case when ' ~ list_has('severities', 'severity') ~ ' then severity end'
    ) }} as label,
    'score' as annotation_type,
    {{ json_text_of(
        {
            'system': 'system', 'item_type': 'item_type', 'source_language': 'source_language',
            'target_language': 'target_language', 'score': 'score', 'is_document': 'is_document',
        },
        {'error_spans': 'error_spans'},
    ) }} as payload,

    login as user_id,
    cast(null as varchar) as user_name,
    source_language || '-' || target_language as task_id,
    login as assignment_id,
    document || ':' || item as item_id,
    login || ':' || item || ':' || cast({{ epoch_ms('saved_at') }} as varchar) as annotation_id,

    not_utf8_columns,
    not_utf8_text,
    cast(null as bigint) as clock_off_ms,

    opened_at,
    saved_at
from copies
