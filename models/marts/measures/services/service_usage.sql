-- How many hours was each service up?
select
    time_granularity,
    period_start,
    {{ dimensions('service') }},
    service_name,
    instance_type,
    cast(sum(uptime_ms) as bigint) as uptime_ms,
    cast(sum(uptime_ms) / 3600000 as double) as value
from {{ ref('service_uptime_by_period') }}
group by all
