{#- Time that pods were up, each sample split at bucket edges. -#}
{% macro service_uptime_family() -%}
    {%- do return({
        'context': 'service',
        'facts': 'fct_service_samples',
        'where': 'duration_ms > 0',
        'at': none,
        'keys': ['service_name', 'instance_type'],
        'components': {
            'uptime_ms': ['duration_ms', 'sum'],
        },
    }) -%}
{%- endmacro %}
