-- The state of an assignment's items as +1 for the status that an item takes and -1 for the one
-- that it leaves.
select
    assignment_key,
    new_status as status,
    1 as delta,
    changed_at
from {{ ref('int_item_status_steps') }}
where new_status is not null

union all

select
    assignment_key,
    previous_status as status,
    -1 as delta,
    changed_at
from {{ ref('int_item_status_steps') }}
where previous_status is not null
