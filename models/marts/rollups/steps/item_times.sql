-- How many items took how long to annotate, at all six granularities.
with

items as (

    select
        time_granularity,
        period_start,
        {{ dimensions('dataset') }},
        item_id,
        sum(duration_ms) as duration_ms
    from {{ ref('annotation_actions_by_period') }}
    where item_id is not null
    group by all

),

buckets as (

    select * from {{ ref('annotation_time_buckets') }}

)

select
    items.time_granularity,
    items.period_start,
    {{ dimensions('dataset', 'items') }},
    buckets.bucket,
    cast(count(*) as bigint) as item_count,
    cast(count(*) as bigint) as value
from items
inner join buckets
    on
        items.duration_ms >= buckets.lower_ms
        and (items.duration_ms < buckets.upper_ms or buckets.upper_ms is null)
group by all
