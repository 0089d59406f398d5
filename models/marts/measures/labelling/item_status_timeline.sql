-- Which statuses were items given, and when?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    status,
    status_count,
    status_count as value
from {{ ref('item_statuses_by_period') }}
