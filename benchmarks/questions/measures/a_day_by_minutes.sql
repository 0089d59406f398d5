-- Users and events, a day by minutes
select
    period_start as minute,
    count(distinct user_id) as users,
    cast(sum(event_count) as bigint) as events
from measures.active_users
where
    time_granularity = 'minute'
    and period_start >= timestamp '{day}' and period_start < timestamp '{end}'
    and org_id = '1'
group by all
