-- Working time derived from stored rows: CVAT's clock run over all client rows of a user, with a
-- finite memory. After more than the idle cutoff the user was away and the clock starts anew.
{{ rebuilt_by('started_at', users=true) }}
{% set threshold = var('activity_gap_threshold_ms') %}
{% set cutoff = var('idle_cutoff_ms') %}
{% set shortest_gap = [threshold, cutoff] | min %}

with

-- A stretch of these days starts after a row at most twice the cutoff before; one cutoff more tells
-- whether that row was a return.
client_rows as {{ inlined() }} (

    select
        *,
        {{ hash_key(['org_id', 'project_id', 'task_id', 'assignment_id']) }} as place_key
    from {{ ref('int_cvat__client_rows') }}
    where {{ touched('event_at', users=true, before_ms=3 * cutoff, after_ms=cutoff) }}

),

-- Rows carry one integer for where they were; its ids come back with the finished stretches.
places as (

    select distinct
        place_key,
        org_id,
        project_id,
        task_id,
        assignment_id
    from client_rows

),

in_order as (

    select
        user_id,
        place_key,
        opened_item_id,
        event_at,
        ended_at,
        row_number() over by_time as row_number,
        lag(place_key) over by_time as previous_place_key,
        lag(event_at) over by_time as previous_at,
        lead(event_at) over by_time as next_at
    from client_rows
    window by_time as (partition by user_id order by event_at, ended_at, scope, event_id)

),

-- Only rows at which something may change are followed further. Between them a user is active in
-- one place, at one item, in one day, and no row lasts: the clock stands at the row before.
turns as (

    select
        in_order.*,
        places.assignment_id,
        {{ truncate_to('day', 'in_order.event_at') }} as event_day
    from in_order
    inner join places on in_order.place_key = places.place_key
    where
        in_order.previous_at is null
        or in_order.next_at is null
        or in_order.opened_item_id is not null
        or in_order.ended_at > in_order.event_at
        or in_order.place_key <> in_order.previous_place_key
        or {{ truncate_to('day', 'in_order.event_at') }}
        <> {{ truncate_to('day', 'in_order.previous_at') }}
        or {{ bucket_start('day', 'in_order.event_at') }}
        <> {{ bucket_start('day', 'in_order.previous_at') }}
        or {{ epoch_ms('in_order.event_at') }} - {{ epoch_ms('in_order.previous_at') }}
        >= {{ shortest_gap }}
        or {{ epoch_ms('in_order.next_at') }} - {{ epoch_ms('in_order.event_at') }}
        >= {{ shortest_gap }}

),

with_items as (

    select
        *,
        last_value(opened_item_id ignore nulls) over (
            partition by user_id, assignment_id, event_day
            order by row_number
            rows between unbounded preceding and current row
        ) as open_item_id
    from turns

),

with_turns as (

    select
        *,
        lag(open_item_id) over by_number as previous_item_id,
        lead(event_at) over by_number as turns_at,
        max(ended_at) over (
            by_number rows between unbounded preceding and 1 preceding
        ) as furthest_before
    from with_items
    window by_number as (partition by user_id order by row_number)

),

with_clock as (

    select
        *,
        greatest(furthest_before, previous_at) as clock_before,
        greatest(event_at, coalesce(clock_before, event_at)) as resumed_at,
        greatest(ended_at, coalesce(clock_before, ended_at)) as clock_after,
        coalesce(
            {{ epoch_ms('event_at') }} - {{ epoch_ms('clock_before') }} > {{ cutoff }}, true
        ) as is_return
    from with_turns

),

-- The user's last row of all: after every other one another follows, also where it lies outside of
-- the days that are looked at and so more than the cutoff later.
last_rows as (

    select
        user_id,
        max(last_client_at) as last_client_at
    from {{ ref('int_cvat__user_days') }}
    group by user_id

),

moments as (

    select
        with_clock.*,
        case
            when with_clock.next_at is not null
                then {{ epoch_ms('with_clock.next_at') }} - {{ epoch_ms('with_clock.clock_after') }}
            when with_clock.event_at < last_rows.last_client_at then {{ cutoff }} + 1
        end as gap_ms
    from with_clock
    inner join last_rows
        on with_clock.user_id is not distinct from last_rows.user_id

),

-- From each turn to the next, or to where the user was away.
gaps as (

    select
        user_id,
        place_key,
        open_item_id as item_id,
        event_day as item_day,
        case when gap_ms < {{ threshold }} then 'active' else 'idle' end as activity_status,
        clock_after as started_at,
        case
            when gap_ms > {{ cutoff }} then {{ add_ms('clock_after', cutoff) }}
            else turns_at
        end as ended_at
    from moments
    where gap_ms > {{ cutoff }} or turns_at > clock_after

),

own_durations as (

    select
        user_id,
        case when is_return then place_key else previous_place_key end as place_key,
        case when not is_return then previous_item_id end as item_id,
        {{ truncate_to('day', 'previous_at') }} as item_day,
        'active' as activity_status,
        resumed_at as started_at,
        ended_at
    from moments
    where ended_at > resumed_at

),

stretches as (

    select * from gaps

    union all

    select * from own_durations

),

-- What is known of the open item is forgotten at the edge of a UTC day.
remembered as (

    select
        {{ all_columns_but(['item_id', 'item_day']) }},
        case when item_day = {{ truncate_to('day', 'started_at') }} then item_id end as item_id
    from stretches

),

-- Neighbours become one stretch where one ends as the next starts, in the same place and day.
with_neighbours as (

    select
        *,
        {{ hash_key([
            'activity_status', 'place_key', 'item_id',
            truncate_to('day', 'started_at'), bucket_start('day', 'started_at'),
        ]) }} as stretch_key,
        lag(ended_at) over by_time as ended_before,
        coalesce(
            lag(stretch_key) over by_time = stretch_key and ended_before = started_at, false
        ) as is_continued,
        max(ended_at) over (
            by_time rows between unbounded preceding and unbounded following
        ) as last_ended_at
    from remembered
    window by_time as (partition by user_id order by started_at)

),

-- A stretch goes from where it does not continue another to the end of what is before the next.
merged as (

    select
        user_id,
        place_key,
        item_id,
        activity_status,
        started_at,
        coalesce(
            lead(ended_before) over (partition by user_id order by started_at), last_ended_at
        ) as ended_at
    from with_neighbours
    where not is_continued

)

select
    merged.user_id,
    places.org_id,
    places.project_id,
    places.task_id,
    places.assignment_id,
    merged.item_id,
    merged.activity_status,
    merged.started_at,
    merged.ended_at
from merged
inner join places on merged.place_key = places.place_key
