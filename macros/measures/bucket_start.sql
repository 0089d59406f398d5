{#-
    The UTC instant at which the bucket of an instant starts. Days, weeks and months are those of
    the variable reporting_timezone.
-#}
{% macro bucket_start(granularity, instant) -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- if zone == 'UTC' or granularity in ('second', 'minute', 'hour') -%}
        {{ truncate_to(granularity, instant) }}
    {%- else -%}
        {{ from_local_time(truncate_to(granularity, to_local_time(instant, zone)), zone) }}
    {%- endif -%}
{%- endmacro %}
