-- Every copy of every CVAT event row, typed and named, its payload parsed once.
{{ rebuilt_by('event_at') }}
with

landed as {{ inlined() }} (

    select * from {{ source('lake', 'cvat_events') }}
    where {{ touched('timestamp') }}

),

sent_in_batches as (

    select * from {{ ref('stg_cvat__batch_events') }}

),

rows_of_both as {{ inlined() }} (

    select
        scope,
        obj_name,
        obj_id,
        obj_val,
        source,
        timestamp,
        count,
        duration,
        project_id,
        task_id,
        job_id,
        user_id,
        user_name,
        user_email,
        org_id,
        org_slug,
        payload,
        access_token_id,
        file_id,
        line_number,
        1 as line_position
    from landed

    union all

    select
        scope,
        obj_name,
        obj_id,
        obj_val,
        'client' as source,
        {{ cut_to_ms('event_at') }} as timestamp,
        count,
        duration,
        project_id,
        task_id,
        job_id,
        user_id,
        user_name,
        user_email,
        org_id,
        org_slug,
        payload,
        null as access_token_id,
        file_id,
        line_number,
        event_number as line_position
    from sent_in_batches
    where
        {{ var('client_batches_are_events') }}
        and scope <> 'user:activity'
        and {{ touched('event_at') }}

),

copies as (

    {{ with_copies(
        'rows_of_both',
        content=[
            'scope', 'obj_name', 'obj_id', 'obj_val', 'source', 'timestamp',
            'count', 'duration', 'project_id', 'task_id', 'job_id', 'user_id',
            'user_name', 'user_email', 'org_id', 'org_slug', 'payload',
            'access_token_id',
        ],
        position='line_number, line_position',
    ) }}

),

parsed as (

    select
        *,
        case
            when payload is not null then {{ json_texts('payload', [
                '$.client_id', '$.working_time', '$.to', '$.function.id', '$.old_value',
            ]) }}
        end as fields
    from copies

)

select
    event_id,
    is_accepted,
    file_id,
    line_number,
    line_position,

    scope,
    source,
    obj_name as object_name,
    cast(obj_id as varchar) as object_id,
    obj_val as object_value,
    user_name,
    user_email,
    org_slug,
    payload,
    fields[1] as client_id,
    fields[4] as function_id,
    fields[5] as old_value,

    cast(user_id as varchar) as user_id,
    cast(org_id as varchar) as org_id,
    cast(project_id as varchar) as project_id,
    cast(task_id as varchar) as task_id,
    cast(job_id as varchar) as assignment_id,
    cast(access_token_id as varchar) as access_token_id,

    count as object_count,
    coalesce(duration, 0) as duration_ms,
    {{ whole_number('fields[2]') }} as working_time_ms,
    {{ whole_number('fields[3]') }} as frame_to,

    timestamp as event_at,
    {{ truncate_to('minute', 'timestamp') }} as minute_start
from parsed
