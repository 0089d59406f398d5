-- CVAT's own clock over each captured client batch: what every event earned, and for whom. The
-- clock only moves forward, so it is a running maximum of ends; what an event earns goes to the
-- job, task and project of the event before it. In microseconds, floored later and once.
{{ rebuilt_by('arrived_at') }}
{% set threshold_us = 1000 * var('activity_gap_threshold_ms') %}

with

batches as (

    select * from {{ ref('stg_cvat__batches') }}
    where {{ touched('arrived_at') }}

),

events as (

    select
        batch_id,
        arrived_at,
        event_number,
        project_id,
        task_id,
        job_id,
        {{ epoch_us('event_at') }} as at_us,
        {{ epoch_us('event_at') }}
        + case when scope = 'change:frame' then 1000 * duration else 0 end as end_us
    from {{ ref('stg_cvat__batch_events') }}
    where {{ touched('arrived_at') }}

),

-- What came before the batch stands in front of it as event 0.
previous_events as (

    select
        batch_id,
        arrived_at,
        0 as event_number,
        previous_event.project_id,
        previous_event.task_id,
        previous_event.job_id,
        {{ epoch_us('previous_event.timestamp') }} + clock_correction_us as at_us,
        at_us
        + case
            when previous_event.scope = 'change:frame'
                then 1000 * coalesce(previous_event.duration, 0)
            else 0
        end as end_us
    from batches
    where previous_event is not null

),

sequence as (

    select * from previous_events

    union all

    select * from events

),

with_clock as (

    select
        *,
        max(end_us) over (
            partition by batch_id order by event_number
            rows between unbounded preceding and 1 preceding
        ) as clock_before_us,
        lag(event_number) over in_order as previous_number,
        lag(project_id) over in_order as previous_project_id,
        lag(task_id) over in_order as previous_task_id,
        lag(job_id) over in_order as previous_job_id
    from sequence
    window in_order as (partition by batch_id order by event_number)

),

started as (

    select
        batch_id,
        arrived_at,
        event_number,
        at_us,
        end_us,
        -- Without a previous event the clock starts at the first event, in its own place.
        coalesce(clock_before_us, at_us) as clock_us,
        case when previous_number is null then project_id else previous_project_id end
            as owner_project_id,
        case when previous_number is null then task_id else previous_task_id end
            as owner_task_id,
        case when previous_number is null then job_id else previous_job_id end
            as owner_job_id
    from with_clock
    where event_number > 0

)

select
    *,
    -- The gap counts only if it is strictly under the threshold; the rest of a
    -- change:frame counts without a cap.
    case
        when at_us > clock_us and at_us - clock_us < {{ threshold_us }}
            then at_us - clock_us
        else 0
    end
    + greatest(end_us - greatest(clock_us, at_us), 0) as earned_us
from started
