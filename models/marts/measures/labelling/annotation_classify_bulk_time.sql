-- How long did actions on many annotations at once take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(bulk_duration_ms) as bigint) as duration_ms,
    cast(sum(bulk_duration_ms) as bigint) as value
from {{ ref('annotation_actions_by_period') }}
group by all
having sum(bulk_duration_ms) > 0
