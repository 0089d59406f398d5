-- How long did people look at each image, and is that unusual for its task?
-- Only derived time and a platform's samples know which image was open.
with

stretches as (

    select
        *,
        case when activity_status = 'active' then duration_ms else 0 end as active_ms,
        case when activity_status = 'idle' then duration_ms else 0 end as idle_ms
    from {{ ref('fct_activity') }}
    where item_id is not null and (method = 'derived' or is_counted)

),

times as (

    select
        source_system,
        item_id,
        max(project_id) as project_id,
        max(task_id) as task_id,
        cast(sum(active_ms) as bigint) as active_ms,
        cast(sum(idle_ms) as bigint) as idle_ms,
        count(distinct user_id) as people_count,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at
    from stretches
    group by source_system, item_id

),

in_tasks as (

    select
        *,
        {{ median('case when active_ms > 0 then active_ms end') }} over of_task as task_median_ms,
        {{ quantile('case when active_ms > 0 then active_ms end', 0.25) }} over of_task
            as task_p25_ms,
        {{ quantile('case when active_ms > 0 then active_ms end', 0.75) }} over of_task
            as task_p75_ms,
        {{ quantile('case when active_ms > 0 then active_ms end', 0.9) }} over of_task
            as task_p90_ms
    from times
    window of_task as (partition by source_system, task_id)

)

select
    in_tasks.source_system,
    in_tasks.project_id,
    coalesce(projects.project_name, in_tasks.project_id) as project_name,
    in_tasks.task_id,
    coalesce(tasks.task_name, in_tasks.task_id) as task_name,
    in_tasks.item_id,
    in_tasks.active_ms,
    in_tasks.idle_ms,
    in_tasks.people_count,
    cast(in_tasks.task_median_ms as bigint) as task_median_ms,
    cast(in_tasks.task_p90_ms as bigint) as task_p90_ms,
    -- Beyond the usual fence: 1.5 times the middle half's width above it.
    coalesce(
        in_tasks.active_ms
        > in_tasks.task_p75_ms + 1.5 * (in_tasks.task_p75_ms - in_tasks.task_p25_ms), false
    ) as is_outlier,
    in_tasks.first_seen_at,
    in_tasks.last_seen_at
from in_tasks
left join {{ ref('dim_projects') }} as projects on in_tasks.project_id = projects.project_id
left join {{ ref('dim_tasks') }} as tasks on in_tasks.task_id = tasks.task_id
