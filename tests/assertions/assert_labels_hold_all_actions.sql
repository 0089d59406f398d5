-- Actions by label, added up over the labels, are the actions of the timeline, on every day.
{{ config(meta={'dagster': {'ref': {'name': 'labeling_actions_per_label'}}}) }}
with

labels as (

    select
        time_granularity,
        period_start,
        action,
        cast(sum(action_count) as bigint) as action_count
    from {{ ref('labeling_actions_per_label') }}
    where time_granularity = 'day'
    group by time_granularity, period_start, action

),

timeline as (

    select
        time_granularity,
        period_start,
        action,
        cast(sum(action_count) as bigint) as action_count
    from {{ ref('annotation_timeline') }}
    where time_granularity = 'day'
    group by time_granularity, period_start, action

)

(
    select * from labels
    except
    select * from timeline
)
union all
(
    select * from timeline
    except
    select * from labels
)
