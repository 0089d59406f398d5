-- How many items of an assignment are in which status at the end of the period, and what remains?
with

states as (

    select
        *,
        cast(sum(case when status in ('completed', 'approved') then item_count else 0 end) over (
            partition by time_granularity, period_start, {{ dimensions('assignment') }}
        ) as bigint) as completed_count
    from {{ ref('item_states_by_period') }}

)

select
    time_granularity,
    period_start,
    {{ dimensions('assignment') }},
    status,
    item_count,
    total_count,
    completed_count,
    total_count - completed_count as remaining_count,
    item_count as value
from states
