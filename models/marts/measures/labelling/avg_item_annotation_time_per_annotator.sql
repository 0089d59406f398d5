-- How long does an annotator take for an item?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(count(distinct item_id) as bigint) as item_count,
    cast(sum(duration_ms) / nullif(count(distinct item_id), 0) as double) as value
from {{ ref('annotation_actions_by_period') }}
where user_id is not null
group by all
having sum(duration_ms) > 0 or count(distinct item_id) > 0
