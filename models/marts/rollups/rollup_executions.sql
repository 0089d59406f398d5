-- Changes of executions by hour, day, week and month.
{% set keys = ['status', 'function_name', 'is_finished'] %}
{% set components = {
    'change_count': ['1', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ rolled_up(
    'function',
    facts='fct_executions',
    keys=keys,
    components=components,
    at='changed_at',
) }}
