{#-
    One row for each bucket from the first to the last, both included. A day that the zone skipped
    starts where the next one does, and is no bucket of its own.
-#}
{% macro buckets_between(granularity, first, last) -%}
    {%- if is_local(granularity) -%}
        {%- set wall_clocks = series(
            local_bucket(granularity, first), local_bucket(granularity, last), granularity
        ) -%}
        {{ each_of(distinct_results(wall_clocks, 'wall_clock', local_bucket_start('wall_clock'))) }}
    {%- else -%}
        {{ each_of(series(first, last, granularity)) }}
    {%- endif -%}
{%- endmacro %}
