-- Cutting stretches into hours loses and adds nothing: user by user the hours hold what the
-- facts hold.
{{ config(meta={'dagster': {'ref': {'name': 'activity_by_period'}}}) }}
with

facts as (

    select
        user_id,
        sum(duration_ms) as fact_ms,
        0 as rolled_up_ms
    from {{ ref('fct_activity') }}
    where is_counted
    group by user_id

),

hours as (

    select
        user_id,
        0 as fact_ms,
        sum(duration_ms) as rolled_up_ms
    from {{ ref('activity_by_period') }}
    where time_granularity = 'hour'
    group by user_id

),

together as (

    select * from facts

    union all

    select * from hours

)

select
    user_id,
    sum(fact_ms) as fact_ms,
    sum(rolled_up_ms) as rolled_up_ms
from together
group by user_id
having sum(fact_ms) <> sum(rolled_up_ms)
