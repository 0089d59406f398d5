-- Values that CVAT's server rows tell about organizations, projects, tasks, jobs and
-- labels: the name at creation, then one row for each changed field.
{{ rebuilt_by('event_at') }}
with

events as (

    select * from {{ ref('stg_cvat__events') }}
    where {{ touched('event_at') }}

),

scopes as (

    select * from {{ ref('event_scopes') }}
    where source = 'server'

),

server_rows as (

    select
        events.*,
        scopes.action,
        scopes.object
    from events
    inner join scopes
        on events.scope = scopes.scope and events.source = scopes.source
    where
        scopes.object in ('organization', 'project', 'task', 'job', 'label')
        and scopes.action in ('create', 'update')

),

changes as (

    select
        event_id,
        object,
        case when action = 'create' then 'name' else object_name end as field,
        case when action = 'create' then object_name else object_value end as value,
        case object
            when 'organization' then org_id
            when 'project' then project_id
            when 'task' then task_id
            when 'job' then assignment_id
            when 'label' then object_id
        end as entity_id,
        event_at
    from server_rows

)

select * from changes
where entity_id is not null and value is not null
