-- How long was each assignment actively worked on?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(duration_ms) as bigint) as active_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('activity_by_period') }}
where
    activity_status = 'active'
    and assignment_id is not null
group by all
