-- How long did annotating each item take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('annotation_actions_by_period') }}
where item_id is not null
group by all
having sum(duration_ms) > 0
