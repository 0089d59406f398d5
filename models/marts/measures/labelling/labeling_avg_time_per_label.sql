-- How long did one action on annotations of each label take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(action_count) as bigint) as action_count,
    cast(sum(duration_ms) / nullif(sum(action_count), 0) as double) as value
from {{ ref('label_actions_by_period') }}
group by all
