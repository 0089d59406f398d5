-- Every assignment (in CVAT: job) that occurs in an event or that CVAT's API shows, with its latest
-- stage, state and assignee as far as events and pulls tell.
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

jobs as (

    select * from {{ ref('int_cvat__resource_versions') }}
    where resource = 'job' and is_latest

),

-- Nobody as assignee is a value like any other, and an empty text.
told as (

    select
        entity_id,
        case when field = 'stage' then value end as stage,
        case when field = 'state' then value end as state,
        case when field = 'assignee' then coalesce(user_id_in_value, '') end as assignee,
        cast(null as varchar) as job_type,
        cast(null as bigint) as frame_count,
        event_at as said_at
    from changes

    union all

    select
        resource_id as entity_id,
        stage,
        state,
        coalesce(assignee_user_id, '') as assignee,
        resource_type as job_type,
        frame_count,
        valid_from as said_at
    from jobs

),

fields as (

    select
        entity_id,
        {{ latest('stage', 'said_at') }} as stage,
        {{ latest('state', 'said_at') }} as state,
        {{ latest('assignee', 'said_at') }} as assignee,
        max(job_type) as job_type,
        max(frame_count) as frame_count
    from told
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
    fields.job_type,
    fields.frame_count,
    assignments.first_event_at,
    assignments.last_event_at,
    assignments.deleted_at
from assignments
left join fields on assignments.assignment_id = fields.entity_id
