-- How long the annotator had been at it when a change of annotations was saved: the durations of
-- the drawing events of the same user and job since the last such save, within one UTC day.
{{ rebuilt_by('event_at') }}
with

events as (

    select * from {{ ref('stg_cvat__events') }}
    where {{ touched('event_at') }}

),

scopes as (

    select * from {{ ref('event_scopes') }}

),

-- Drawing is by the client, saving by the server; both stand for the same action.
steps as (

    select
        events.event_id,
        events.event_at,
        events.scope,
        scopes.counts_as = 'annotation_action' as is_save,
        case when scopes.counts_as = 'drawing' then events.duration_ms end as drawing_ms,
        {{ hash_key([
            'events.user_id', 'events.assignment_id', 'scopes.annotation_action',
            truncate_to('day', 'events.event_at'),
        ]) }} as drawing_key
    from events
    inner join scopes
        on events.scope = scopes.scope and events.source = scopes.source
    where scopes.annotation_action is not null

),

-- At one millisecond the client's rows come first.
running as (

    select
        *,
        sum(drawing_ms) over in_order as drawn_ms,
        count(drawing_ms) over in_order as drawn_count
    from steps
    window in_order as (
        partition by drawing_key
        order by event_at, is_save, scope, event_id
        rows between unbounded preceding and current row
    )

),

saves as (

    select
        event_id,
        event_at,
        drawn_ms - coalesce(lag(drawn_ms) over by_save, 0) as duration_ms,
        drawn_count - coalesce(lag(drawn_count) over by_save, 0) as drawing_count
    from running
    where is_save
    window by_save as (
        partition by drawing_key
        order by event_at, scope, event_id
    )

)

select
    event_id,
    event_at,
    cast(duration_ms as bigint) as duration_ms
from saves
where drawing_count > 0
