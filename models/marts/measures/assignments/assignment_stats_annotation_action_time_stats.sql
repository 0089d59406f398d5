-- How long did the actions of an assignment take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    action,
    action_count,
    duration_ms,
    duration_ms_min,
    duration_ms_max,
    cast(duration_ms / nullif(action_count, 0) as double) as value
from {{ ref('annotation_actions_by_period') }}
where assignment_id is not null
