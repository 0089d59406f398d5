-- How many issues are in which state at the end of the period?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    status,
    issue_count,
    issue_count as value
from {{ ref('issue_states_by_period') }}
