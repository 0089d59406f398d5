{#-
    The families by name: <name>_family here, and among the models <name>_by_period (or a step <name> of
    a measure) and rollup_<name>.
-#}
{% macro families() -%}
    {%- do return([
        'activity', 'annotation_actions', 'annotations', 'assignment_starts', 'events',
        'executions', 'issue_changes', 'issue_times', 'issues_raised', 'item_statuses',
        'label_actions', 'label_annotations', 'model_metrics', 'pipeline_executions',
        'pod_states', 'service_uptime',
    ]) -%}
{%- endmacro %}
