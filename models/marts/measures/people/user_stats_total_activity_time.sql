-- How long was everyone active and idle together?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
group by all
