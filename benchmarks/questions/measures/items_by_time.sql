-- Items by annotation time, 13 weeks by week
select
    cast(period_start as date) as week,
    bucket,
    cast(sum(item_count) as bigint) as items
from measures.count_item_in_annotation_time_bucket
where
    time_granularity = 'week'
    and period_start >= timestamp '{weeks}' and period_start < timestamp '{week_end}'
    and org_id = '1'
group by all
