-- What adds up over time has one total, whichever granularity it is added up from, in each project:
-- of the measures in the newest month, which no week covers. Their families are tested whole.
{{ config(meta={'dagster': {'ref': {'name': 'annotation_timeline'}}}) }}
{% set additive = {
    'annotation_timeline': ['action_count', 'duration_ms'],
    'item_status_timeline': ['status_count'],
    'item_annotation_duration': ['duration_ms'],
    'assignment_stats_item_total_time': ['active_ms', 'idle_ms'],
    'assignment_stats_annotation_action_time_stats': ['action_count', 'duration_ms'],
    'assignment_stats_annotation_classify_bulk_stats': ['action_count', 'duration_ms'],
    'assignment_stats_active_time': ['active_ms'],
    'assignment_stats_studio_active_time': ['active_ms'],
    'active_users': ['event_count'],
    'labeling_counters': ['created_count', 'updated_count', 'deleted_count', 'duration_ms'],
    'labeling_actions_per_label': ['action_count'],
    'labeling_time_per_label': ['duration_ms'],
    'labeling_avg_time_per_label': ['duration_ms', 'action_count'],
    'user_stats_task_activity_time': ['duration_ms'],
    'user_stats_activity_time': ['duration_ms'],
    'user_stats_activity_time_by_role': ['duration_ms'],
    'user_stats_activity_time_by_field': ['duration_ms'],
    'user_stats_total_activity_time': ['duration_ms'],
    'user_stats_studio_time': ['duration_ms'],
    'issue_correction_time': ['issue_count', 'duration_ms'],
    'issue_raise_time': ['issue_count', 'duration_ms'],
    'issue_resolve_time': ['issue_count', 'duration_ms'],
    'issue_approval_time': ['issue_count', 'duration_ms'],
    'issue_timeline': ['change_count'],
    'issue_per_label': ['issue_count'],
    'issue_per_annotator': ['issue_count'],
    'service_queue_size': ['sample_count', 'queue_sum'],
    'service_usage': ['uptime_ms'],
    'service_usage_projects': ['uptime_ms'],
    'execution_over_time': ['change_count'],
    'execution_duration': ['execution_count', 'duration_ms'],
    'execution_count_by_function': ['execution_count'],
    'execution_avg_duration_by_node': ['execution_count', 'duration_ms'],
    'pipeline_execution_avg_duration': ['execution_count', 'duration_ms'],
    'annotation_whole_time': ['duration_ms'],
    'annotation_classify_bulk_time': ['duration_ms'],
} %}

{% set components = [] %}
{% for measure, names in additive.items() %}
    {% for name in names %}
        {% do components.append((measure, name)) %}
    {% endfor %}
{% endfor %}

{{ unequal_totals(
    components, ['hour', 'day', 'month'], condition=in_newest_month('period_start')
) }}
