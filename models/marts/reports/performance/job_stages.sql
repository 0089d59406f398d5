-- How long was each job in a stage, by the clock on the wall and in working time, and whose?
with

visits as (

    select * from {{ ref('fct_assignment_visits') }}

),

working_time as (

    select
        source_system,
        assignment_id,
        user_id,
        duration_ms,
        started_at
    from {{ ref('fct_activity') }}
    where is_counted and activity_status = 'active' and assignment_id is not null

),

-- Time counts in the stage in which its stretch starts; what came before the first news of a job,
-- in its first.
placed as (

    select
        visits.source_system,
        visits.assignment_id,
        visits.visit_number,
        working_time.user_id,
        sum(working_time.duration_ms) as working_ms
    from visits
    inner join working_time
        on
            visits.source_system = working_time.source_system
            and visits.assignment_id = working_time.assignment_id
            and (visits.visit_number = 1 or visits.entered_at <= working_time.started_at)
            and (
                visits.next_entered_at is null
                or visits.next_entered_at > working_time.started_at
            )
    group by all

),

people as (

    select
        placed.source_system,
        placed.assignment_id,
        placed.visit_number,
        placed.working_ms,
        case when visits.user_id = placed.user_id then placed.working_ms else 0 end
            as own_working_ms,
        coalesce(users.user_name, placed.user_id) as user_name
    from placed
    inner join visits
        on
            placed.source_system = visits.source_system
            and placed.assignment_id = visits.assignment_id
            and placed.visit_number = visits.visit_number
    left join {{ ref('dim_users') }} as users on placed.user_id = users.user_id

),

worked as (

    select
        source_system,
        assignment_id,
        visit_number,
        cast(sum(working_ms) as bigint) as working_ms,
        cast(sum(own_working_ms) as bigint) as own_working_ms,
        {{ joined_texts('user_name', 'working_ms desc, user_name') }} as worked_by
    from people
    group by source_system, assignment_id, visit_number

)

select
    visits.source_system,
    visits.project_id,
    coalesce(projects.project_name, visits.project_id) as project_name,
    visits.task_id,
    coalesce(tasks.task_name, visits.task_id) as task_name,
    visits.assignment_id,
    visits.visit_number,
    visits.round_number,
    visits.stage,
    visits.state,
    visits.outcome,
    visits.user_id,
    coalesce(users.user_name, visits.user_id) as user_name,
    worked.worked_by,
    coalesce(worked.working_ms, 0) as working_ms,
    coalesce(worked.own_working_ms, 0) as own_working_ms,
    cast({{ epoch_ms('visits.started_at') }} - {{ epoch_ms('visits.entered_at') }} as bigint)
        as waiting_ms,
    cast({{ epoch_ms('visits.left_at') }} - {{ epoch_ms('visits.entered_at') }} as bigint)
        as wall_clock_ms,
    visits.entered_at,
    visits.started_at,
    visits.left_at
from visits
left join worked
    on
        visits.source_system = worked.source_system
        and visits.assignment_id = worked.assignment_id
        and visits.visit_number = worked.visit_number
left join {{ ref('dim_projects') }} as projects on visits.project_id = projects.project_id
left join {{ ref('dim_tasks') }} as tasks on visits.task_id = tasks.task_id
left join {{ ref('dim_users') }} as users on visits.user_id = users.user_id
