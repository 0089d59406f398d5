-- Hours and objects of people are those of the measures, whichever way the days are added up. The
-- counters of labelling are the timeline's: assert_labelling_measures_agree, person by person.
{{ config(meta={'dagster': {'ref': {'name': 'annotator_performance'}}}) }}
with

reported as (

    select
        user_id,
        sum(active_ms) as active_ms,
        sum(created_count) as created_count,
        sum(updated_count) as updated_count,
        sum(deleted_count) as deleted_count
    from {{ ref('annotator_performance') }}
    group by user_id

),

hours as (

    select
        user_id,
        sum(duration_ms) as active_ms
    from {{ ref('user_stats_activity_time') }}
    where time_granularity = 'month' and activity_status = 'active' and user_id is not null
    group by user_id

),

objects as (

    select
        user_id,
        sum(case when action = 'created' then action_count else 0 end) as created_count,
        sum(case when action = 'updated' then action_count else 0 end) as updated_count,
        sum(case when action = 'deleted' then action_count else 0 end) as deleted_count
    from {{ ref('annotation_timeline') }}
    where time_granularity = 'month' and user_id is not null
    group by user_id

)

select
    reported.*,
    hours.active_ms as measured_active_ms,
    objects.created_count as measured_created_count,
    objects.updated_count as measured_updated_count,
    objects.deleted_count as measured_deleted_count
from reported
full outer join hours on reported.user_id = hours.user_id
full outer join objects on reported.user_id = objects.user_id
where
    coalesce(reported.active_ms, 0) <> coalesce(hours.active_ms, 0)
    or coalesce(reported.created_count, 0) <> coalesce(objects.created_count, 0)
    or coalesce(reported.updated_count, 0) <> coalesce(objects.updated_count, 0)
    or coalesce(reported.deleted_count, 0) <> coalesce(objects.deleted_count, 0)
