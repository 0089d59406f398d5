-- The users of a month are those that the events of the month name, and no more than its days
-- together have; their events are counted, each once.
{{ config(meta={'dagster': {'ref': {'name': 'active_users'}}}) }}
with

months as (

    select
        period_start,
        count(distinct user_id) as month_users,
        sum(event_count) as month_events
    from {{ ref('active_users') }}
    where time_granularity = 'month'
    group by period_start

),

days as (

    select
        {{ bucket_start('month', 'period_start') }} as month_start,
        count(distinct user_id) as day_users
    from {{ ref('active_users') }}
    where time_granularity = 'day'
    group by month_start, period_start

),

days_of_months as (

    select
        month_start,
        sum(day_users) as day_users
    from days
    group by month_start

),

facts as (

    select
        {{ bucket_start('month', 'event_at') }} as month_start,
        count(distinct user_id) as fact_users,
        count(*) as fact_events
    from {{ ref('fct_events') }}
    where user_id is not null
    group by month_start

)

select
    facts.month_start,
    facts.fact_users,
    months.month_users,
    facts.fact_events,
    months.month_events,
    days_of_months.day_users
from facts
left join months on facts.month_start = months.period_start
left join days_of_months on facts.month_start = days_of_months.month_start
where
    coalesce(months.month_users <> facts.fact_users, true)
    or coalesce(months.month_events <> facts.fact_events, true)
    or coalesce(months.month_users > days_of_months.day_users, true)
