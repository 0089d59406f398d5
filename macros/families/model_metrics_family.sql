{#- The last value of each point of a metric in a period; at one instant the larger text wins. -#}
{% macro model_metrics_family() -%}
    {%- do return({
        'context': 'model',
        'facts': 'fct_model_metrics',
        'where': 'true',
        'at': 'measured_at',
        'keys': ['figure', 'legend', 'x'],
        'aggregates': {
            'y': last_by('y', ['measured_at', 'cast(y as varchar)']),
        },
    }) -%}
{%- endmacro %}
