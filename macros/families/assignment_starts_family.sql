{#- When work on assignments started. -#}
{% macro assignment_starts_family() -%}
    {%- do return({
        'context': 'assignment',
        'facts': 'fct_assignments',
        'where': 'first_event_at is not null',
        'at': 'first_event_at',
        'keys': [],
        'aggregates': {
            'start_time': 'min(first_event_at)',
        },
    }) -%}
{%- endmacro %}
