-- How long did approving a correction take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(issue_count) as bigint) as issue_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(min(duration_ms_min) as bigint) as duration_ms_min,
    cast(max(duration_ms_max) as bigint) as duration_ms_max,
    cast(sum(duration_ms) / sum(issue_count) as double) as value
from {{ ref('issue_times_by_period') }}
where step = 'approval'
group by all
