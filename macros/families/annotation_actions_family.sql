{#- Actions on annotations, by what was done. -#}
{% macro annotation_actions_family() -%}
    {%- do return({
        'context': 'work',
        'shares_rows': true,
        'named': true,
        'facts': 'fct_annotation_actions',
        'where': 'true',
        'at': 'action_at',
        'minute': 'minute_start',
        'keys': ['action'],
        'components': {
            'action_count': ['action_count', 'sum'],
            'duration_ms': ['duration_ms', 'sum'],
            'duration_ms_min': ['duration_ms', 'min'],
            'duration_ms_max': ['duration_ms', 'max'],
            'bulk_count': ['case when is_bulk then 1 end', 'sum'],
            'bulk_action_count': ['case when is_bulk then action_count end', 'sum'],
            'bulk_duration_ms': ['case when is_bulk then duration_ms end', 'sum'],
        },
    }) -%}
{%- endmacro %}
