-- Working time derived from stored rows: CVAT's clock run over all client rows of a user, with a
-- finite memory. After more than the idle cutoff the user was away and the clock starts anew.
{{ rebuilt_by('started_at', users=true) }}
{% set threshold = var('activity_gap_threshold_ms') %}
{% set cutoff = var('idle_cutoff_ms') %}

with

-- A stretch of these days starts after a row at most twice the cutoff before; one cutoff more tells
-- whether that row was a return.
client_rows as (

    select * from {{ ref('int_cvat__client_rows') }}
    where {{ touched('event_at', users=true, before_ms=3 * cutoff, after_ms=cutoff) }}

),

with_items as (

    select
        *,
        last_value(opened_item_id ignore nulls) over (
            partition by user_id, assignment_id, event_day
            order by event_at, ended_at, scope, event_id
            rows between unbounded preceding and current row
        ) as open_item_id
    from client_rows

),

with_clock as (

    select
        *,
        max(ended_at) over (
            partition by user_id
            order by event_at, ended_at, scope, event_id
            rows between unbounded preceding and 1 preceding
        ) as clock_before,
        max(ended_at) over (
            partition by user_id
            order by event_at, ended_at, scope, event_id
            rows between unbounded preceding and current row
        ) as clock_after,
        lag(org_id) over in_order as previous_org_id,
        lag(project_id) over in_order as previous_project_id,
        lag(task_id) over in_order as previous_task_id,
        lag(assignment_id) over in_order as previous_assignment_id,
        lag(open_item_id) over in_order as previous_item_id,
        lag(event_day) over in_order as previous_day,
        lead(event_at) over in_order as next_at
    from with_items
    window in_order as (
        partition by user_id order by event_at, ended_at, scope, event_id
    )

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
        with_clock.clock_before is null
        or {{ epoch_ms('with_clock.event_at') }} - {{ epoch_ms('with_clock.clock_before') }}
        > {{ cutoff }} as is_return,
        case
            when with_clock.next_at is not null
                then {{ epoch_ms('with_clock.next_at') }} - {{ epoch_ms('with_clock.clock_after') }}
            when with_clock.event_at < last_rows.last_client_at then {{ cutoff }} + 1
        end as gap_ms
    from with_clock
    inner join last_rows
        on with_clock.user_id is not distinct from last_rows.user_id

),

gaps as (

    select
        event_id,
        user_id,
        org_id,
        project_id,
        task_id,
        assignment_id,
        open_item_id as item_id,
        event_day as item_day,
        case when gap_ms < {{ threshold }} then 'active' else 'idle' end as activity_status,
        clock_after as started_at,
        {{ add_ms('clock_after', 'least(gap_ms, ' ~ cutoff ~ ')') }} as ended_at
    from moments
    where gap_ms > 0

),

own_durations as (

    select
        event_id,
        user_id,
        case when is_return then org_id else previous_org_id end as org_id,
        case when is_return then project_id else previous_project_id end as project_id,
        case when is_return then task_id else previous_task_id end as task_id,
        case when is_return then assignment_id else previous_assignment_id end as assignment_id,
        case when not is_return then previous_item_id end as item_id,
        previous_day as item_day,
        'active' as activity_status,
        greatest(event_at, coalesce(clock_before, event_at)) as started_at,
        ended_at
    from moments
    where ended_at > greatest(event_at, coalesce(clock_before, event_at))

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
            'activity_status', 'org_id', 'project_id', 'task_id', 'assignment_id', 'item_id',
            truncate_to('day', 'started_at'), bucket_start('day', 'started_at'),
        ]) }} as place_key,
        coalesce(
            lag(place_key) over by_time = place_key
            and lag(ended_at) over by_time = started_at, false
        ) as is_continued
    from remembered
    window by_time as (partition by user_id order by started_at)

),

numbered as (

    select
        *,
        sum(cast(not is_continued as integer)) over (
            partition by user_id order by started_at
            rows between unbounded preceding and current row
        ) as stretch_number
    from with_neighbours

)

select
    user_id,
    org_id,
    project_id,
    task_id,
    assignment_id,
    item_id,
    activity_status,
    min(started_at) as started_at,
    max(ended_at) as ended_at
from numbered
group by
    user_id, org_id, project_id, task_id, assignment_id, item_id,
    activity_status, stretch_number
