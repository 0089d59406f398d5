-- Which statuses did executions take, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('function') }},
    status,
    cast(sum(change_count) as bigint) as change_count,
    cast(sum(change_count) as bigint) as value
from {{ ref('executions_by_period') }}
group by all
