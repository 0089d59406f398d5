-- What adds up over time has one total, whichever granularity it is added up from, for each user
-- and assignment.
{% set additive = {
    'annotation_timeline': ['action_count', 'duration_ms'],
    'labeling_counters': ['created_count', 'updated_count', 'deleted_count', 'duration_ms'],
    'assignment_stats_active_time': ['active_ms'],
    'assignment_stats_studio_active_time': ['active_ms'],
    'active_users': ['event_count'],
    'user_stats_task_activity_time': ['duration_ms'],
    'user_stats_activity_time': ['duration_ms'],
    'user_stats_activity_time_by_role': ['duration_ms'],
    'user_stats_activity_time_by_field': ['duration_ms'],
    'user_stats_total_activity_time': ['duration_ms'],
    'user_stats_studio_time': ['duration_ms'],
    'annotation_whole_time': ['duration_ms'],
} %}

with

{% for measure, components in additive.items() %}
{% for component in components %}
{{ measure }}_{{ component }} as (

    select
        '{{ measure }}.{{ component }}' as component,
        user_id,
        assignment_id,
        sum(case when time_granularity = 'hour' then {{ component }} else 0 end) as hours,
        sum(case when time_granularity = 'day' then {{ component }} else 0 end) as days,
        sum(case when time_granularity = 'week' then {{ component }} else 0 end) as weeks,
        sum(case when time_granularity = 'month' then {{ component }} else 0 end) as months
    from {{ ref(measure) }}
    where time_granularity in ('hour', 'day', 'week', 'month')
    group by user_id, assignment_id

),

{% endfor %}
{% endfor %}
totals as (

    {% for measure, components in additive.items() %}
    {% set last_measure = loop.last %}
    {% for component in components %}
    select * from {{ measure }}_{{ component }}
    {{ 'union all' if not (last_measure and loop.last) }}
    {% endfor %}
    {% endfor %}

)

select *
from totals
where hours <> days or days <> weeks or days <> months
