-- How far has each task come, and when will it be done?
{{ config(materialized='table') }}
with

tasks as (

    select * from {{ ref('int_task_jobs') }}

),

forecasts as (

    select * from {{ ref('int_forecasts') }}
    where entity = 'task'

)

select
    tasks.org_id,
    tasks.project_id,
    coalesce(projects.project_name, tasks.project_id) as project_name,
    tasks.task_id,
    coalesce(names.task_name, tasks.task_id) as task_name,
    {{ progress_columns('tasks', 'forecasts') }}
from tasks
left join forecasts on tasks.task_id = forecasts.entity_id
left join {{ ref('dim_projects') }} as projects on tasks.project_id = projects.project_id
left join {{ ref('dim_tasks') }} as names on tasks.task_id = names.task_id
