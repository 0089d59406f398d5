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

saves as (

    select
        events.event_id,
        events.event_at,
        events.object_name,
        events.user_id,
        events.org_id,
        events.project_id,
        events.task_id,
        events.assignment_id,
        scopes.object,
        scopes.annotation_action,
        coalesce(events.object_count, 1) as object_count,
        {{ json_objects(saved_objects('events.payload'), {
            'id': 'VARCHAR', 'frame': 'BIGINT', 'label_id': 'VARCHAR'
        }) }} as listed,
        durations.duration_ms
    from events
    inner join scopes
        on events.scope = scopes.scope and events.source = scopes.source
    left join durations on events.event_id = durations.event_id

),

-- One row for each object where the save names as many as it counts, else one for the whole save.
objects as (

    select
        *,
        coalesce(len(listed) = nullif(object_count, 0), false) as lists_all,
        case when lists_all then listed else [null] end as objects,
        {{ unnested('objects', 'saved', 'place') }}
    from saves

),

-- CVAT numbers tags, shapes and tracks each for themselves.
saved_in_cvat as (

    select
        *,
        saved.label_id as label,
        rtrim(object, 's') || ':' || saved.id as annotation_id,
        task_id || ':' || cast(saved.frame as varchar) as item_id,
        case when lists_all then place else 0 end as object_number,
        case when lists_all then 1 else object_count end as action_count,
        -- The parts of a drawing add up to it: the first objects take what does not divide.
        case
            when lists_all
                then
                    {{ whole_division('duration_ms', 'object_count') }}
                    + cast(place <= duration_ms % object_count as bigint)
            else duration_ms
        end as drawing_ms
    from objects

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
