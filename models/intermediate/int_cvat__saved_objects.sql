-- The single objects of a save, where the row names as many as it counts: one row for each, with
-- its share of the drawing time. CVAT numbers tags, shapes and tracks each for themselves.
{{ rebuilt_by('event_at') }}
with

saves as (

    select
        events.event_id,
        events.event_at,
        events.task_id,
        scopes.object,
        -- Only of saves: reading what they list is dear.
        case
            when scopes.counts_as = 'annotation_action' then {{ saved_objects('events.payload') }}
        end as saved_objects,
        coalesce(events.object_count, 1) as object_count,
        durations.duration_ms
    from {{ ref('stg_cvat__events') }} as events
    inner join {{ ref('event_scopes') }} as scopes
        on
            events.scope = scopes.scope
            and events.source = scopes.source
            and scopes.counts_as = 'annotation_action'
    left join {{ ref('int_cvat__annotation_durations') }} as durations
        on
            events.event_id = durations.event_id
            and {{ touched('durations.event_at') }}
    where {{ touched('events.event_at') }}

),

parsed as (

    select
        *,
        {{ json_objects('saved_objects', {
            'id': 'VARCHAR', 'frame': 'BIGINT', 'label_id': 'VARCHAR'
        }) }} as objects
    from saves
    where saved_objects is not null

),

objects as (

    select
        *,
        {{ unnested('objects', 'saved', 'object_number') }}
    from parsed
    where len(objects) = object_count

)

select
    event_id,
    event_at,
    object_number,
    saved.label_id as label,
    rtrim(object, 's') || ':' || saved.id as annotation_id,
    task_id || ':' || cast(saved.frame as varchar) as item_id,
    -- The parts add up to the whole: the first objects take what does not divide.
    {{ whole_division('duration_ms', 'object_count') }}
    + cast(object_number <= duration_ms % object_count as bigint) as duration_ms
from objects
