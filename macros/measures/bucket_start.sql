{#-
    The UTC instant at which the bucket of an instant starts. Days, weeks and months are those of
    the variable reporting_timezone.
-#}
{% macro bucket_start(granularity, instant) -%}
    {%- if is_local(granularity) -%}
        {{ local_bucket_start(local_bucket(granularity, instant)) }}
    {%- else -%}
        {{ truncate_to(granularity, instant) }}
    {%- endif -%}
{%- endmacro %}
