-- How much happened, and when? Events by minute.
select
    minute_start as interval_start,
    {{ filters() | join(', ') }},
    cast(count(*) as bigint) as event_count
from {{ ref('all_events') }}
group by all
