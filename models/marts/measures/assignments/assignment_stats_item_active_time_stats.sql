-- How does active time spread over the items of an assignment?
with

items as (

    select
        time_granularity,
        period_start,
        {{ dimensions('assignment') }},
        item_id,
        sum(duration_ms) as active_ms
    from {{ ref('activity_by_period') }}
    where
        activity_status = 'active'
        and assignment_id is not null
        and item_id is not null
    group by all

)

select
    time_granularity,
    period_start,
    {{ dimensions('assignment') }},
    cast(count(*) as bigint) as item_count,
    cast(sum(active_ms) as bigint) as active_ms,
    cast(min(active_ms) as bigint) as active_ms_min,
    cast(max(active_ms) as bigint) as active_ms_max,
    cast({{ median('active_ms') }} as double) as active_ms_median
from items
group by all
