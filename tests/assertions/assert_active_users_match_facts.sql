-- The users of a month are those that the events of the month name, and no more than its days
-- together have.
with

months as (

    select period_start, count(distinct user_id) as month_users
    from {{ ref('active_users') }}
    where time_granularity = 'month'
    group by period_start

),

days as (

    select
        {{ bucket_start('month', 'period_start') }} as period_start,
        count(distinct user_id) as day_users
    from {{ ref('active_users') }}
    where time_granularity = 'day'
    group by {{ bucket_start('day', 'period_start') }}, 1

),

days_of_months as (

    select period_start, sum(day_users) as day_users
    from days
    group by period_start

),

facts as (

    select
        {{ bucket_start('month', 'event_at') }} as period_start,
        count(distinct user_id) as fact_users
    from {{ ref('fct_events') }}
    where user_id is not null
    group by 1

)

select
    coalesce(months.period_start, facts.period_start) as period_start,
    months.month_users,
    facts.fact_users,
    days_of_months.day_users
from months
full join facts on months.period_start = facts.period_start
left join days_of_months on months.period_start = days_of_months.period_start
where
    months.month_users is distinct from facts.fact_users
    or months.month_users > days_of_months.day_users
