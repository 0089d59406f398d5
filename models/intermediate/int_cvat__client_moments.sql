-- Each client row with the state that it found: how far the user's clock had run,
-- whose time it was running for, and which item was open.
with

client_rows as (

    select
        event_id,
        scope,
        event_at,
        user_id,
        org_id,
        project_id,
        task_id,
        assignment_id,
        -- A frame that took longer to change than the cutoff was not waited for.
        case
            when scope = 'change:frame'
                then {{ add_ms(
                    'event_at',
                    'least(duration_ms, ' ~ var('idle_cutoff_ms') ~ ')'
                ) }}
            else event_at
        end as ended_at,
        case
            when scope = 'change:frame' and assignment_id is not null
                then task_id || ':' || cast(frame_to as varchar)
        end as opened_item_id,
        {{ truncate_to('day', 'event_at') }} as event_day
    from {{ ref('stg_cvat__events') }}
    where source = 'client'

),

with_items as (

    select
        *,
        last_value(opened_item_id ignore nulls) over (
            partition by user_id, assignment_id, event_day
            order by event_at, ended_at, scope, event_id
            rows between unbounded preceding and current row
        ) as open_item_id
    from client_rows

),

with_predecessors as (

    select
        *,
        max(ended_at) over (
            partition by user_id
            order by event_at, ended_at, scope, event_id
            rows between unbounded preceding and 1 preceding
        ) as clock_at,
        lag(org_id) over in_order as previous_org_id,
        lag(project_id) over in_order as previous_project_id,
        lag(task_id) over in_order as previous_task_id,
        lag(assignment_id) over in_order as previous_assignment_id,
        lag(open_item_id) over in_order as previous_item_id,
        lag(event_day) over in_order as previous_day
    from with_items
    window in_order as (
        partition by user_id order by event_at, ended_at, scope, event_id
    )

)

select
    *,
    {{ epoch_ms('event_at') }} - {{ epoch_ms('clock_at') }} as gap_ms
from with_predecessors
