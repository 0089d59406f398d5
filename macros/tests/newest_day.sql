{#- The UTC day of the newest event as a literal, so that the engine can skip what is older. -#}
{% macro newest_day() -%}
    {%- set events = ref('fct_events') -%}
    {%- if execute -%}
        {%- set newest = run_query(
            'select ' ~ truncate_to('day', 'max(event_at)') ~ ' from ' ~ events
        ).columns[0].values()[0] -%}
        cast('{{ newest or "1970-01-01" }}' as timestamp)
    {%- endif -%}
{%- endmacro %}
