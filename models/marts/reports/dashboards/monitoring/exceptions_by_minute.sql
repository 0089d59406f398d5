-- How often did something go wrong, and when? Exceptions by minute.
select
    minute_start as interval_start,
    {{ filters() | join(', ') }},
    exception_message,
    cast(count(*) as bigint) as event_count
from {{ ref('exceptions') }}
group by all
