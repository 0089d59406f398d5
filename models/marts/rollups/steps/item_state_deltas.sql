-- The state of an assignment's items as +1 for the status that an item takes and -1 for the one
-- that it leaves.
with

statuses as (

    select * from {{ ref('fct_item_statuses') }}
    where assignment_id is not null

)

select
    assignment_key,
    status,
    1 as delta,
    changed_at
from statuses
where not is_cleared and status is not null

union all

select
    assignment_key,
    previous_status as status,
    -1 as delta,
    changed_at
from statuses
where previous_status is not null
