-- One row for each assignment and its life.
with

-- Work on the assignment, not news about it.
work as (

    select *
    from {{ ref('fct_events') }}
    where
        assignment_id is not null
        and not (
            source_system = 'platform' and scope like '%:assignment'
        )
        and not (source_system = 'cvat' and source = 'server' and scope like '%:job')

),

starts as (

    select
        {{ dimensions('assignment') }},
        min(event_at) as first_event_at
    from work
    group by all

),

changes as (

    select
        {{ dimensions('assignment') }},
        min(case when action = 'created' then changed_at end) as created_at,
        min(case when action = 'assigned' then changed_at end) as assigned_at,
        max(case when action = 'done' then changed_at end) as done_at,
        {{ latest("case when action = 'assigned' then annotator end", 'changed_at') }}
            as annotator,
        {{ latest('total_items', 'changed_at') }} as total_items
    from {{ ref('fct_assignment_changes') }}
    group by all

),

together as (

    select
        {{ dimensions('assignment') }},
        first_event_at,
        cast(null as timestamp) as created_at,
        cast(null as timestamp) as assigned_at,
        cast(null as timestamp) as done_at,
        cast(null as varchar) as annotator,
        cast(null as bigint) as total_items
    from starts

    union all

    select
        {{ dimensions('assignment') }},
        cast(null as timestamp) as first_event_at,
        created_at,
        assigned_at,
        done_at,
        annotator,
        total_items
    from changes

)

select
    {{ dimensions('assignment') }},
    max(annotator) as annotator_user_id,
    max(total_items) as total_items,
    max(created_at) as created_at,
    max(assigned_at) as assigned_at,
    max(first_event_at) as first_event_at,
    max(done_at) as done_at
from together
group by all
