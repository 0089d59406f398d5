-- How many items took how long to annotate?
select
    time_granularity,
    period_start,
    {{ dimensions('dataset') }},
    bucket,
    item_count,
    value
from {{ ref('item_times_by_period') }}
