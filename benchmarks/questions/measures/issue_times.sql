-- From raising an issue to resolving it, a year by months
select
    cast(period_start as date) as month,
    cast(sum(issue_count) as bigint) as issues,
    cast(sum(duration_ms) as bigint) as duration_ms,
    min(duration_ms_min) as shortest_ms,
    max(duration_ms_max) as longest_ms
from measures.issue_resolve_time
where
    time_granularity = 'month'
    and period_start >= timestamp '{year}' and period_start < timestamp '{end}'
    and org_id = '1'
group by all
