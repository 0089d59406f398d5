-- How many actions on many annotations at once had an assignment, and how long did they take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(action_count) as bigint) as action_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) / nullif(sum(action_count), 0) as double) as value
from {{ ref('annotation_actions_by_period') }}
where
    is_bulk
    and assignment_id is not null
group by all
