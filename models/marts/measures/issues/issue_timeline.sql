-- Which changes of issues happened, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    status,
    cast(sum(change_count) as bigint) as change_count,
    cast(sum(change_count) as bigint) as value
from {{ ref('issue_changes_by_period') }}
group by all
