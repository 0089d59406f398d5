-- How long did the actions of an assignment take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    action,
    cast(sum(action_count) as bigint) as action_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(min(duration_ms_min) as bigint) as duration_ms_min,
    cast(max(duration_ms_max) as bigint) as duration_ms_max,
    cast(sum(duration_ms) / nullif(sum(action_count), 0) as double) as value
from {{ ref('annotation_actions_by_period') }}
where assignment_id is not null
group by all
