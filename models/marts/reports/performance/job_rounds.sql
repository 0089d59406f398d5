-- How often did each job go round before it was accepted, and whose work was it?
with

states as (

    select
        *,
        row_number() over (
            partition by source_system, assignment_id order by changed_at desc
        ) = 1 as is_latest
    from {{ ref('fct_assignment_states') }}

),

jobs as (

    select
        source_system,
        assignment_id,
        max(case when is_latest then project_id end) as project_id,
        max(case when is_latest then task_id end) as task_id,
        max(case when is_latest then stage end) as stage,
        max(case when is_latest then state end) as state,
        {{ latest('annotator_user_id', 'changed_at') }} as annotator_user_id,
        max(round_number) as round_count,
        cast(sum(case when is_rejection then 1 else 0 end) as bigint) as rejection_count,
        max(case when is_latest and is_accepted then 1 else 0 end) = 1 as is_accepted,
        min(changed_at) as first_news_at,
        min(case when is_rejection then changed_at end) as first_rejected_at,
        min(case when is_accepted and not was_accepted then changed_at end) as first_accepted_at,
        max(case when is_accepted and not was_accepted then changed_at end) as last_accepted_at
    from states
    group by source_system, assignment_id

),

stages as (

    select
        source_system,
        assignment_id,
        sum(working_ms) as working_ms,
        sum(case when stage = 'annotation' and round_number = 1 then working_ms else 0 end)
            as annotation_ms,
        sum(case when stage = 'annotation' and round_number > 1 then working_ms else 0 end)
            as rework_ms,
        sum(case when stage <> 'annotation' then working_ms else 0 end) as review_ms
    from {{ ref('job_stages') }}
    group by source_system, assignment_id

)

select
    jobs.source_system,
    jobs.project_id,
    coalesce(projects.project_name, jobs.project_id) as project_name,
    jobs.task_id,
    coalesce(tasks.task_name, jobs.task_id) as task_name,
    jobs.assignment_id,
    jobs.annotator_user_id as user_id,
    coalesce(users.user_name, jobs.annotator_user_id) as user_name,
    jobs.stage,
    jobs.state,
    jobs.round_count,
    jobs.rejection_count,
    jobs.is_accepted,
    -- Not known before the first verdict.
    case
        when jobs.first_rejected_at is not null
            then coalesce(jobs.first_accepted_at < jobs.first_rejected_at, false)
        when jobs.first_accepted_at is not null then true
    end as is_first_pass,
    cast(stages.working_ms as bigint) as working_ms,
    cast(stages.annotation_ms as bigint) as annotation_ms,
    cast(stages.rework_ms as bigint) as rework_ms,
    cast(stages.review_ms as bigint) as review_ms,
    cast(
        {{ epoch_ms('case when jobs.is_accepted then jobs.last_accepted_at end') }}
        - {{ epoch_ms('jobs.first_news_at') }} as bigint
    ) as wall_clock_ms,
    jobs.first_news_at,
    jobs.first_accepted_at,
    case when jobs.is_accepted then jobs.last_accepted_at end as accepted_at
from jobs
inner join stages
    on jobs.source_system = stages.source_system and jobs.assignment_id = stages.assignment_id
left join {{ ref('dim_projects') }} as projects on jobs.project_id = projects.project_id
left join {{ ref('dim_tasks') }} as tasks on jobs.task_id = tasks.task_id
left join {{ ref('dim_users') }} as users on jobs.annotator_user_id = users.user_id
