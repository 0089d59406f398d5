-- Every accepted event of every source, once: as it was staged, in one shape. Rows as wide as these
-- are written no second time.
{{ config(materialized='view') }}
select
    event_id,
    'cvat' as source_system,
    source,
    scope,
    object_name,
    object_id,
    object_value,
    user_name,
    user_email,
    org_slug,
    access_token_id,
    payload,
    {{ known_dimensions(
        'all', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
    ) }},
    object_count,
    duration_ms,
    event_at,
    {{ add_ms('event_at', 'duration_ms') }} as ended_at,
    minute_start
from {{ ref('stg_cvat__event_copies') }}
where is_accepted

union all

select
    event_id,
    source_system,
    cast(null as varchar) as source,
    case when action is not null then action || ':' else '' end || event_type as scope,
    coalesce(label, status) as object_name,
    coalesce(annotation_id, issue_id) as object_id,
    status as object_value,
    user_name,
    cast(null as varchar) as user_email,
    cast(null as varchar) as org_slug,
    cast(null as varchar) as access_token_id,
    payload,
    {{ dimensions('all') }},
    annotation_count as object_count,
    duration_ms,
    started_at as event_at,
    ended_at,
    {{ truncate_to('minute', 'started_at') }} as minute_start
from {{ ref('int_sample_copies') }}
where is_accepted
