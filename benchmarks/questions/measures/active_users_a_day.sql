-- Active users a day, 91 days
select cast(period_start as date) as day, count(distinct user_id) as users
from measures.active_users
where
    time_granularity = 'day'
    and period_start >= timestamp '{quarter}' and period_start < timestamp '{end}'
    and org_id = '1'
group by all
