-- Changes of pipelines' runs at all six granularities.
{% set keys = ['status', 'is_finished'] %}
{% set components = {
    'change_count': ['1', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ at_all_granularities(
    'function',
    facts='fct_pipeline_executions',
    rollup='rollup_pipeline_executions',
    keys=keys,
    components=components,
    at='changed_at',
) }}
