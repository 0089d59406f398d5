-- How many annotations were created, updated and deleted, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    action,
    cast(sum(action_count) as bigint) as action_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(action_count) as bigint) as value
from {{ ref('annotation_actions_by_period') }}
group by all
