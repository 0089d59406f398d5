{#- How long the steps of issues took. -#}
{% macro issue_times_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'issue_times',
        'where': 'true',
        'at': 'measured_at',
        'named': true,
        'keys': ['step'],
        'components': {
            'issue_count': ['1', 'sum'],
            'duration_ms': ['duration_ms', 'sum'],
            'duration_ms_min': ['duration_ms', 'min'],
            'duration_ms_max': ['duration_ms', 'max'],
        },
    }) -%}
{%- endmacro %}
