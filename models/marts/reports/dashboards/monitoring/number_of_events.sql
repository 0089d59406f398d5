-- How many events were there? By minute, as rows and as what the rows stand for: a tool writes
-- neighbours that are alike as one row with a count.
select
    minute_start as interval_start,
    {{ filters() | join(', ') }},
    exception_message,
    cast(count(*) as bigint) as event_count,
    cast(sum(coalesce(object_count, 1)) as bigint) as occurrence_count
from {{ ref('all_events') }}
group by all
