-- The counters of labelling are the timeline's actions, side by side, of everyone on every day.
{{ config(meta={'dagster': {'ref': {'name': 'labeling_counters'}}}) }}
with

counters as (

    select
        time_granularity,
        period_start,
        user_id,
        sum(created_count) as created_count,
        sum(updated_count) as updated_count,
        sum(deleted_count) as deleted_count
    from {{ ref('labeling_counters') }}
    where time_granularity = 'day'
    group by time_granularity, period_start, user_id

),

timeline as (

    select
        time_granularity,
        period_start,
        user_id,
        sum(case when action = 'created' then action_count else 0 end) as created_count,
        sum(case when action = 'updated' then action_count else 0 end) as updated_count,
        sum(case when action = 'deleted' then action_count else 0 end) as deleted_count
    from {{ ref('annotation_timeline') }}
    where time_granularity = 'day'
    group by time_granularity, period_start, user_id

)

(
    select * from counters
    except
    select * from timeline
)
union all
(
    select * from timeline
    except
    select * from counters
)
