-- Every setting and clearing of an item's status. In CVAT a job's state and stage are a status of
-- the assignment, without an item.
with

cvat as (

    select
        event_id as item_status_id,
        'cvat' as source_system,
        object_value as status,
        {{ known_dimensions(
            'work', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
        ) }},
        false as is_cleared,
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where scope = 'update:job' and object_name in ('state', 'stage')

),

platform as (

    select
        event_id as item_status_id,
        'platform' as source_system,
        status,
        {{ dimensions('work') }},
        action = 'delete' as is_cleared,
        started_at as changed_at
    from {{ ref('stg_platform__samples') }}
    where event_type = 'item_status'

),

statuses as (

    select * from cvat

    union all

    select * from platform

),

keyed as (

    select
        *,
        {{ context_key('work') }} as work_key,
        {{ context_key('assignment') }} as assignment_key,
        case when not is_cleared then status end as new_status
    from statuses

)

select
    {{ all_columns_but(['new_status']) }},
    lag(new_status) over in_order as previous_status,
    row_number() over in_order = 1 as is_first_of_item,
    {{ truncate_to('minute', 'changed_at') }} as minute_start
from keyed
window in_order as (
    partition by assignment_key, item_id order by changed_at, status, item_status_id
)
