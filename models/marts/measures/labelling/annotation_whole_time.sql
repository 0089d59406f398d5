-- How long were people in the studio, active or idle?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
where surface = 'studio'
group by all
