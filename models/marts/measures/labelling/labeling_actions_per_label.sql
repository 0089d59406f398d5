-- How many annotations of each label were created, updated and deleted?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    action,
    action_count,
    action_count as value
from {{ ref('label_actions_by_period') }}
