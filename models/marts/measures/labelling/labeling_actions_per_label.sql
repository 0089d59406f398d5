-- How many annotations of each label were created, updated and deleted?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    action,
    cast(sum(action_count) as bigint) as action_count,
    cast(sum(action_count) as bigint) as value
from {{ ref('annotation_actions_by_period') }}
group by all
