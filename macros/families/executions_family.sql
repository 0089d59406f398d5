{#- Changes of executions. -#}
{% macro executions_family() -%}
    {%- do return({
        'context': 'function',
        'facts': 'fct_executions',
        'where': 'true',
        'at': 'changed_at',
        'minute': 'minute_start',
        'keys': ['status', 'function_name', 'is_finished'],
        'components': {
            'change_count': ['1', 'sum'],
            'duration_ms': ['duration_ms', 'sum'],
            'duration_ms_min': ['duration_ms', 'min'],
            'duration_ms_max': ['duration_ms', 'max'],
        },
    }) -%}
{%- endmacro %}
