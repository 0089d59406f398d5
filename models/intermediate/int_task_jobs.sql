-- How far each task has come: its jobs, how many of them are annotated and accepted, and its
-- items where a source counts them.
with

latest_states as (

    select
        assignment_id,
        stage,
        state,
        is_accepted,
        row_number() over (
            partition by assignment_id order by changed_at desc, source_system desc
        ) as place
    from {{ ref('fct_assignment_states') }}

),

-- Each item counts by its latest status, as in assignment_stats_completed_status.
latest_statuses as (

    select
        assignment_id,
        case when not is_cleared and status in ('completed', 'approved') then 1 else 0 end
            as done_count,
        row_number() over (
            partition by assignment_id, item_id
            order by changed_at desc, status desc, item_status_id desc
        ) as place
    from {{ ref('fct_item_statuses') }}
    where assignment_id is not null and item_id is not null

),

done_items as (

    select
        assignment_id,
        sum(done_count) as done_item_count
    from latest_statuses
    where place = 1
    group by assignment_id

),

-- What events do not tell of a job, a pull from CVAT's API may.
jobs as (

    select
        dimension.task_id,
        coalesce(latest_states.stage, dimension.stage) as stage,
        coalesce(latest_states.state, dimension.state) as state,
        coalesce(
            latest_states.is_accepted,
            dimension.stage = 'acceptance' and dimension.state = 'completed',
            false
        ) as is_accepted,
        assignments.total_items,
        dimension.frame_count,
        coalesce(done_items.done_item_count, 0) as done_item_count,
        dimension.first_event_at,
        dimension.last_event_at
    from {{ ref('dim_assignments') }} as dimension
    left join latest_states
        on dimension.assignment_id = latest_states.assignment_id and latest_states.place = 1
    left join {{ ref('fct_assignments') }} as assignments
        on dimension.assignment_id = assignments.assignment_id
    left join done_items on dimension.assignment_id = done_items.assignment_id
    where dimension.task_id is not null and dimension.deleted_at is null

)

select
    jobs.task_id,
    tasks.org_id,
    tasks.project_id,
    count(*) as job_count,
    cast(sum(case
        when jobs.is_accepted or jobs.state = 'completed' then 1
        when jobs.stage in ('validation', 'acceptance') then 1
        else 0
    end) as bigint) as annotated_job_count,
    cast(sum(case when jobs.is_accepted then 1 else 0 end) as bigint) as accepted_job_count,
    cast(sum(coalesce(jobs.total_items, jobs.frame_count)) as bigint) as item_count,
    -- A frame is done with its job. Where nobody says how many items there are, a number of done
    -- ones says nothing.
    cast(sum(case
        when jobs.total_items is not null then jobs.done_item_count
        when jobs.is_accepted then jobs.frame_count
        when jobs.frame_count is not null then 0
    end) as bigint) as done_item_count,
    min(jobs.first_event_at) as opened_at,
    max(jobs.last_event_at) as last_event_at
from jobs
left join {{ ref('dim_tasks') }} as tasks on jobs.task_id = tasks.task_id
group by jobs.task_id, tasks.org_id, tasks.project_id
