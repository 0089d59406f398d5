-- Every action on annotations: created, updated, deleted.
{{ rebuilt_by('action_at', touches={'annotation': ['annotation_id']}) }}
with

events as (

    select * from {{ ref('stg_cvat__events') }}
    where {{ touched('event_at') }}

),

scopes as (

    select * from {{ ref('event_scopes') }}
    where counts_as = 'annotation_action'

),

durations as (

    select * from {{ ref('int_cvat__annotation_durations') }}
    where {{ touched('event_at') }}

),

objects as (

    select * from {{ ref('int_cvat__saved_objects') }}
    where {{ touched('event_at') }}

),

-- One row for each object where the save names them, else one for the whole save.
saved_in_cvat as (

    select
        events.event_id,
        events.event_at,
        events.object_name,
        events.user_id,
        events.org_id,
        events.project_id,
        events.task_id,
        events.assignment_id,
        scopes.annotation_action,
        objects.label,
        objects.annotation_id,
        objects.item_id,
        coalesce(objects.object_number, 0) as object_number,
        case
            when objects.object_number is not null then 1
            else coalesce(events.object_count, 1)
        end as action_count,
        coalesce(objects.duration_ms, durations.duration_ms) as drawing_ms
    from events
    inner join scopes
        on events.scope = scopes.scope and events.source = scopes.source
    left join durations on events.event_id = durations.event_id
    left join objects on events.event_id = objects.event_id

),

cvat as (

    select
        {{ hash_key(['event_id', 'object_number']) }} as annotation_action_id,
        'cvat' as source_system,
        annotation_action as action,
        label,
        coalesce(object_name, 'tag') as annotation_type,
        cast(null as varchar) as annotation_source,
        cast(null as varchar) as role,
        annotation_id,
        {{ known_dimensions(
            'work',
            known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id', 'item_id'],
        ) }},
        action_count,
        drawing_ms as duration_ms,
        false as is_bulk,
        event_at as action_at
    from saved_in_cvat

),

sampled as (

    select
        event_id as annotation_action_id,
        source_system,
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
    from {{ ref('int_samples') }}
    where event_type = 'annotation' and {{ touched('started_at') }}

),

actions as (

    select * from cvat

    union all

    select * from sampled

)

select
    *,
    {{ truncate_to('minute', 'action_at') }} as minute_start
from actions
-- Who asks for a time reads that time.
order by action_at
