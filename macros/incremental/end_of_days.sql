{#- Where the last of these days, or buckets, ends that shares time with a span to here. -#}
{% macro end_of_days(days, ends) -%}
    {%- set end_of_day = bucket_after('day', bucket_start('day', add_ms(ends, -1))) -%}
    {%- if days == 'utc' -%}
        {{ ends }}
    {%- elif days in ('local', 'day') -%}
        {{ end_of_day }}
    {%- else -%}
        {{ bucket_after(days, bucket_start(days, add_ms(end_of_day, -1))) }}
    {%- endif -%}
{%- endmacro %}
