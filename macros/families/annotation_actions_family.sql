{#- Actions on annotations. -#}
{% macro annotation_actions_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'fct_annotation_actions',
        'where': 'true',
        'at': 'action_at',
        'minute': 'minute_start',
        'keys': ['action', 'label', 'is_bulk'],
        'components': {
            'action_count': ['action_count', 'sum'],
            'duration_ms': ['duration_ms', 'sum'],
            'duration_ms_min': ['duration_ms', 'min'],
            'duration_ms_max': ['duration_ms', 'max'],
        },
    }) -%}
{%- endmacro %}
