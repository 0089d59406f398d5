-- Every setting and clearing of an item's status, with the status before it. In CVAT a job's
-- state and stage are a status of the assignment, without an item.
{{ rebuilt_by_life({'items of an assignment': 'assignment_key'}) }}
with

keyed as (

    select
        *,
        {{ context_key('assignment') }} as assignment_key,
        case when not is_cleared then status end as new_status
    from {{ ref('int_item_statuses') }}
    where {{ of_touched_life({'items of an assignment': keyed_dimensions('assignment')}) }}

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
