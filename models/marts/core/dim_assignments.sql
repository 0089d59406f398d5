-- Every assignment (in CVAT: job) that occurs in an event, with its latest stage, state and
-- assignee as far as events tell.
with

assignments as (

    {{ seen_entities('assignment', says=['org_id', 'project_id', 'task_id']) }}

),

changes as (

    select
        *,
        -- CVAT writes the assignee as Python shows it: {'id': 7, 'username': …}, or None.
        {{ captured_group('value', "''id'': ([0-9]+)") }} as user_id_in_value
    from {{ ref('int_cvat__field_changes') }}
    where object = 'job'

),

fields as (

    select
        entity_id,
        {{ latest("case when field = 'stage' then value end", 'event_at') }} as stage,
        {{ latest("case when field = 'state' then value end", 'event_at') }} as state,
        {{ latest(
            "case when field = 'assignee' then coalesce(user_id_in_value, '') end", 'event_at'
        ) }} as assignee
    from changes
    group by entity_id

)

select
    assignments.assignment_id,
    assignments.org_id,
    assignments.project_id,
    assignments.task_id,
    nullif(fields.assignee, '') as assignee_user_id,
    fields.stage,
    fields.state,
    assignments.first_event_at,
    assignments.last_event_at
from assignments
left join fields on assignments.assignment_id = fields.entity_id
