-- How many actions on many annotations at once had an assignment, and how long did they take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(bulk_action_count) as bigint) as action_count,
    cast(sum(bulk_duration_ms) as bigint) as duration_ms,
    cast(sum(bulk_duration_ms) / nullif(sum(bulk_action_count), 0) as double) as value
from {{ ref('annotation_actions_by_period') }}
where assignment_id is not null
group by all
having sum(bulk_count) > 0
