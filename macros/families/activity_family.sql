{#- Counted working time, each stretch split at bucket edges. -#}
{% macro activity_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'fct_activity',
        'where': 'is_counted and duration_ms > 0',
        'at': none,
        'by_user': true,
        'named': true,
        'keys': ['activity_status', 'surface', 'role'],
        'components': {
            'duration_ms': ['duration_ms', 'sum'],
        },
    }) -%}
{%- endmacro %}
