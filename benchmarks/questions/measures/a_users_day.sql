-- Working time of one user by job and hour, a day
select period_start as hour, assignment_id, cast(sum(duration_ms) as bigint) as duration_ms
from measures.user_stats_activity_time
where
    time_granularity = 'hour'
    and period_start >= timestamp '{day}' and period_start < timestamp '{end}'
    and user_id = '{user}'
    and activity_status = 'active'
group by all
