-- How many issues were raised on each label?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    cast(sum(issue_count) as bigint) as issue_count,
    cast(sum(issue_count) as bigint) as value
from {{ ref('issues_raised_by_period') }}
group by all
