-- Who was active? Count distinct user_id over any slice of the rows.
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    event_count
from {{ ref('events_by_period') }}
