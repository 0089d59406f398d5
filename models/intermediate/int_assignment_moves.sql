-- Every instant at which the stage, the state or the assignee of an assignment was set: what was
-- set, and by whom. Of a platform's assignments, which have no stages: done is `completed`,
-- reopened is `rejected`.
{{ rebuilt_by(
    'changed_at', touches={'assignment': ['source_system', 'assignment_id']}
) }}
with

cvat as (

    select
        'cvat' as source_system,
        assignment_id,
        org_id,
        project_id,
        task_id,
        user_id as changed_by_user_id,
        case when object_name = 'stage' then object_value end as stage,
        case when object_name = 'stage' then old_value end as old_stage,
        case when object_name = 'state' then object_value end as state,
        -- CVAT writes the assignee as Python shows it: {'id': 7, 'username': …}, or None.
        case
            when object_name = 'assignee'
                then coalesce({{ captured_group('object_value', "''id'': ([0-9]+)") }}, '')
        end as assignee,
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where
        assignment_id is not null
        and (
            scope = 'create:job'
            or (scope = 'update:job' and object_name in ('stage', 'state', 'assignee'))
        )
        and {{ touched('event_at') }}

),

platform as (

    select
        source_system,
        assignment_id,
        org_id,
        project_id,
        task_id,
        user_id as changed_by_user_id,
        cast(null as varchar) as stage,
        cast(null as varchar) as old_stage,
        case action when 'done' then 'completed' when 'reopened' then 'rejected' end as state,
        case when action = 'assigned' then annotator end as assignee,
        changed_at
    from {{ ref('fct_assignment_changes') }}
    where source_system <> 'cvat' and {{ touched('changed_at') }}

),

changes as (

    select * from cvat

    union all

    select * from platform

)

-- What is set in one request stands at one instant; of two values there the larger text counts.
select
    source_system,
    assignment_id,
    max(org_id) as org_id,
    max(project_id) as project_id,
    max(task_id) as task_id,
    max(changed_by_user_id) as changed_by_user_id,
    max(stage) as stage,
    max(old_stage) as old_stage,
    max(state) as state,
    max(assignee) as assignee,
    changed_at
from changes
group by source_system, assignment_id, changed_at
