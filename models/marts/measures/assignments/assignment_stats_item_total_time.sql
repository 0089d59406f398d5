-- How long was each item of an assignment worked on, active and idle?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(case when activity_status = 'active' then duration_ms else 0 end) as bigint)
        as active_ms,
    cast(sum(case when activity_status = 'idle' then duration_ms else 0 end) as bigint) as idle_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
where
    assignment_id is not null
    and item_id is not null
group by all
