{#- Whether a bucket lies in the month of the newest event. A literal, so that others are skipped. -#}
{% macro in_newest_month(column) -%}
    {%- set events = ref('fct_events') -%}
    {%- if execute and load_relation(events) -%}
        {%- set month = run_query(
            'select ' ~ bucket_start('month', 'newest_at')
            ~ ' from (select max(event_at) as newest_at from ' ~ events ~ ')'
        ).columns[0].values()[0] -%}
        {{ column }} >= cast('{{ month or "1970-01-01" }}' as timestamp)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
