-- Measures of the same time agree: users add up to the total, the studio is a part of it, and
-- time in the studio is its active and its idle part.
{{ config(meta={'dagster': {'ref': {'name': 'user_stats_total_activity_time'}}}) }}
with

totals as (

    select
        time_granularity,
        period_start,
        'total' as measure,
        sum(duration_ms) as ms
    from {{ ref('user_stats_total_activity_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'users' as measure,
        sum(duration_ms) as ms
    from {{ ref('user_stats_activity_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'studio' as measure,
        sum(duration_ms) as ms
    from {{ ref('user_stats_studio_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'whole' as measure,
        sum(duration_ms) as ms
    from {{ ref('annotation_whole_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'idle_studio' as measure,
        sum(duration_ms) as ms
    from {{ ref('activity_by_period') }}
    where
        time_granularity in ('hour', 'day', 'week', 'month')
        and activity_status = 'idle'
        and surface = 'studio'
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'assignments' as measure,
        sum(active_ms) as ms
    from {{ ref('assignment_stats_active_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

    union all

    select
        time_granularity,
        period_start,
        'assignments_studio' as measure,
        sum(active_ms) as ms
    from {{ ref('assignment_stats_studio_active_time') }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by time_granularity, period_start

),

side_by_side as (

    select
        time_granularity,
        period_start,
        {% for measure in [
            'total', 'users', 'studio', 'whole', 'idle_studio', 'assignments', 'assignments_studio'
        ] %}
            coalesce(sum(case when measure = '{{ measure }}' then ms end), 0) as {{ measure }}_ms,
        {% endfor %}
        count(*) as measure_count
    from totals
    group by time_granularity, period_start

)

select *
from side_by_side
where
    users_ms <> total_ms
    or studio_ms > total_ms
    or assignments_studio_ms > assignments_ms
    or whole_ms <> studio_ms + idle_studio_ms
