-- How long were people active and idle, by the role in which they worked?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    role,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
group by all
