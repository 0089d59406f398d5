-- How long did approving a correction take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    issue_count,
    duration_ms,
    duration_ms_min,
    duration_ms_max,
    cast(duration_ms / issue_count as double) as value
from {{ ref('issue_times_by_period') }}
where step = 'approval'
