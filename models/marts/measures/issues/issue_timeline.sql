-- Which changes of issues happened, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    status,
    change_count,
    change_count as value
from {{ ref('issue_changes_by_period') }}
