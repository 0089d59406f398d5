-- Every action on annotations: created, updated, deleted.
with

events as (

    select * from {{ ref('stg_cvat__events') }}

),

scopes as (

    select * from {{ ref('event_scopes') }} where counts_as = 'annotation_action'

),

durations as (

    select * from {{ ref('int_cvat__annotation_durations') }}

),

saved_in_cvat as (

    select
        events.*,
        scopes.annotation_action,
        durations.duration_ms as drawing_ms
    from events
    inner join scopes
        on events.scope = scopes.scope and events.source = scopes.source
    left join durations on events.event_id = durations.event_id

),

cvat as (

    select
        event_id as annotation_action_id,
        'cvat' as source_system,
        annotation_action as action,
        cast(null as varchar) as label,
        coalesce(object_name, 'tag') as annotation_type,
        cast(null as varchar) as annotation_source,
        cast(null as varchar) as role,
        cast(null as varchar) as annotation_id,
        {{ known_dimensions(
            'work',
            known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id'],
        ) }},
        coalesce(object_count, 1) as action_count,
        drawing_ms as duration_ms,
        false as is_bulk,
        event_at as action_at
    from saved_in_cvat

),

platform as (

    select
        event_id as annotation_action_id,
        'platform' as source_system,
        action,
        label,
        annotation_type,
        annotation_source,
        role,
        annotation_id,
        {{ dimensions('work') }},
        coalesce(annotation_count, 1) as action_count,
        duration_ms,
        is_bulk,
        started_at as action_at
    from {{ ref('stg_platform__samples') }}
    where event_type = 'annotation'

),

actions as (

    select * from cvat

    union all

    select * from platform

)

select
    *,
    {{ context_key('work') }} as work_key,
    {{ truncate_to('minute', 'action_at') }} as minute_start
from actions
