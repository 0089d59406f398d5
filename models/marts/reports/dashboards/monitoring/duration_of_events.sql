-- How long did events take? Those that took time, by minute: durations over their number is the
-- average.
select
    minute_start as interval_start,
    {{ filters() | join(', ') }},
    exception_message,
    cast(count(*) as bigint) as event_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    min(duration_ms) as duration_ms_min,
    max(duration_ms) as duration_ms_max
from {{ ref('all_events') }}
where duration_ms > 0
group by all
