-- What each setting or clearing did to the status of an item in its assignment.
with

statuses as (

    select
        *,
        {{ context_key('assignment') }} as assignment_key,
        case when not is_cleared then status end as new_status
    from {{ ref('fct_item_statuses') }}
    where assignment_id is not null

)

select
    assignment_key,
    {{ dimensions('assignment') }},
    item_id,
    new_status,
    lag(new_status) over in_order as previous_status,
    row_number() over in_order = 1 as is_first,
    changed_at
from statuses
window in_order as (
    partition by assignment_key, item_id order by changed_at, status, item_status_id
)
