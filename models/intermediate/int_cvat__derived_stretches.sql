-- Working time derived from stored rows: CVAT's clock run over all client rows of a user, with a
-- finite memory. After more than the idle cutoff the user was away and the clock starts anew.
{% set threshold = var('activity_gap_threshold_ms') %}
{% set cutoff = var('idle_cutoff_ms') %}

with

moments as (

    select
        *,
        clock_at is null
        or (gap_ms >= {{ threshold }} and gap_ms > {{ cutoff }}) as is_return
    from {{ ref('int_cvat__client_moments') }}

),

gaps as (

    select
        event_id,
        user_id,
        previous_org_id as org_id,
        previous_project_id as project_id,
        previous_task_id as task_id,
        previous_assignment_id as assignment_id,
        previous_item_id as item_id,
        previous_day as item_day,
        case when gap_ms < {{ threshold }} then 'active' else 'idle' end as activity_status,
        clock_at as started_at,
        case
            when is_return then {{ add_ms('clock_at', cutoff) }}
            else event_at
        end as ended_at
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
        greatest(event_at, coalesce(clock_at, event_at)) as started_at,
        ended_at
    from moments
    where ended_at > greatest(event_at, coalesce(clock_at, event_at))

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
