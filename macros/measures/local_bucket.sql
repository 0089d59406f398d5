{#- What the wall clock of the reporting time zone shows where the bucket of an instant starts. -#}
{% macro local_bucket(granularity, instant) -%}
    {{ truncate_to(granularity, to_local_time(instant, var('reporting_timezone'))) }}
{%- endmacro %}
