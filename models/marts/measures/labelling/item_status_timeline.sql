-- Which statuses were items given, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    status,
    cast(sum(status_count) as bigint) as status_count,
    cast(sum(status_count) as bigint) as value
from {{ ref('item_statuses_by_period') }}
group by all
