-- How long was each user active and idle, by any dimensions of the context?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    activity_status,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
group by all
