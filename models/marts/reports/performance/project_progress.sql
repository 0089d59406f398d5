-- How far has each project come, and when will the work that it has be done?
{{ config(materialized='table') }}
with

projects as (

    select
        project_id,
        {{ latest('org_id', 'last_event_at') }} as org_id,
        count(*) as task_count,
        cast(sum(case when accepted_job_count = job_count then 1 else 0 end) as bigint)
            as done_task_count,
        cast(sum(job_count) as bigint) as job_count,
        cast(sum(annotated_job_count) as bigint) as annotated_job_count,
        cast(sum(accepted_job_count) as bigint) as accepted_job_count,
        cast(sum(item_count) as bigint) as item_count,
        cast(sum(done_item_count) as bigint) as done_item_count,
        min(opened_at) as opened_at,
        max(last_event_at) as last_event_at
    from {{ ref('int_task_jobs') }}
    where project_id is not null
    group by project_id

),

forecasts as (

    select * from {{ ref('int_forecasts') }}
    where entity = 'project'

)

select
    projects.org_id,
    projects.project_id,
    coalesce(names.project_name, projects.project_id) as project_name,
    projects.task_count,
    projects.done_task_count,
    {{ progress_columns('projects', 'forecasts') }}
from projects
left join forecasts on projects.project_id = forecasts.entity_id
left join {{ ref('dim_projects') }} as names on projects.project_id = names.project_id
