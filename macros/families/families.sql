{#-
    The families by name: <name>_family here, and among the models <name>_by_period (or a step <name> of
    a measure) and rollup_<name>.

    A family says which `facts` it counts (`where`), when they happened (`at`; none: they are stretches,
    cut at the edges of buckets), in which `context` and by which `keys`, and what: `components` add up,
    `aggregates` do not. Of its roll-up it may say that it
    - `shares_rows`: one row is that of several periods (shared_by_periods),
    - is `named`: it shows the ids of its context instead of their integer,
    - holds more than hours: `finest`.
    `minute` is the column in which the facts keep their minute; `by_user`: single users' spans are made
    anew (rebuilt_by).
-#}
{% macro families() -%}
    {%- do return([
        'activity', 'annotation_actions', 'annotations', 'assignment_starts', 'events',
        'executions', 'issue_changes', 'issue_times', 'issues_raised', 'item_statuses',
        'label_actions', 'label_annotations', 'model_metrics', 'pipeline_executions',
        'pod_states', 'service_uptime',
    ]) -%}
{%- endmacro %}
