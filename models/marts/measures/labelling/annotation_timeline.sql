-- How many annotations were created, updated and deleted, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    action,
    action_count,
    duration_ms,
    action_count as value
from {{ ref('annotation_actions_by_period') }}
