{#- Actions on annotations, by their label and what was done. -#}
{% macro label_actions_family() -%}
    {%- do return({
        'context': 'work',
        'shares_rows': true,
        'named': true,
        'facts': 'fct_annotation_actions',
        'where': 'true',
        'at': 'action_at',
        'minute': 'minute_start',
        'keys': ['label', 'action'],
        'components': {
            'action_count': ['action_count', 'sum'],
            'duration_ms': ['duration_ms', 'sum'],
            'duration_ms_max': ['duration_ms', 'max'],
        },
    }) -%}
{%- endmacro %}
