{#- Where the first of these days, or buckets, starts that shares time with a span from here. -#}
{% macro first_instant(days, starts) -%}
    {%- if days == 'utc' -%}
        {{ starts }}
    {%- elif days in ('local', 'day') -%}
        {{ bucket_start('day', starts) }}
    {%- else -%}
        {{ bucket_start(days, bucket_start('day', starts)) }}
    {%- endif -%}
{%- endmacro %}
