{#- Events of users. -#}
{% macro events_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'fct_user_events',
        'where': 'true',
        'at': 'event_at',
        'minute': 'minute_start',
        'named': true,
        'finest': 'minute',
        'keys': [],
        'components': {
            'event_count': ['1', 'sum'],
        },
    }) -%}
{%- endmacro %}
