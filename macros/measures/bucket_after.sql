{#- The UTC instant at which the bucket that starts here ends. -#}
{% macro bucket_after(granularity, bucket) -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- if zone == 'UTC' or granularity in ('second', 'minute', 'hour') -%}
        {{ add_units(bucket, granularity) }}
    {%- else -%}
        {{ from_local_time(add_units(to_local_time(bucket, zone), granularity), zone) }}
    {%- endif -%}
{%- endmacro %}
