{#- The UTC instant at which the bucket that starts here ends. -#}
{% macro bucket_after(granularity, bucket) -%}
    {%- if is_local(granularity) -%}
        {{ local_bucket_start(add_units(local_bucket(granularity, bucket), granularity)) }}
    {%- else -%}
        {{ add_units(bucket, granularity) }}
    {%- endif -%}
{%- endmacro %}
