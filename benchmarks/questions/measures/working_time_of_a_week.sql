-- Working time by user and job, a week
select user_id, assignment_id, cast(sum(duration_ms) as bigint) as duration_ms
from measures.user_stats_activity_time
where
    time_granularity = 'week'
    and period_start = timestamp '{week}'
    and org_id = '1'
    and activity_status = 'active'
group by all
