-- The report of working time holds the time of the measures: user by user, hour by hour.
{{ config(meta={'dagster': {'ref': {'name': 'working_time'}}}) }}
with

reported as (

    select
        {{ bucket_start('hour', 'interval_start') }} as hour_start,
        user_id,
        cast(sum(active_ms) as bigint) as active_ms,
        cast(sum(idle_ms) as bigint) as idle_ms
    from {{ ref('working_time') }}
    group by hour_start, user_id

),

measured as (

    select
        period_start as hour_start,
        user_id,
        cast(sum(case when activity_status = 'active' then duration_ms else 0 end) as bigint)
            as active_ms,
        cast(sum(case when activity_status = 'idle' then duration_ms else 0 end) as bigint)
            as idle_ms
    from {{ ref('user_stats_activity_time') }}
    where time_granularity = 'hour'
    group by period_start, user_id

)

(
    select * from reported
    except
    select * from measured
)
union all
(
    select * from measured
    except
    select * from reported
)
