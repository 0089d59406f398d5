-- How long were people active in the studio?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
where
    activity_status = 'active'
    and surface = 'studio'
group by all
