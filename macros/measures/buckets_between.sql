{#- One row for each bucket from the first to the last, both included. -#}
{% macro buckets_between(granularity, first, last) -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- if zone == 'UTC' or granularity in ('second', 'minute', 'hour') -%}
        {{ series_of(first, last, granularity) }}
    {%- else -%}
        {%- set local_first = to_local_time(first, zone) -%}
        {%- set local_last = to_local_time(last, zone) -%}
        {{ from_local_time(series_of(local_first, local_last, granularity), zone) }}
    {%- endif -%}
{%- endmacro %}
