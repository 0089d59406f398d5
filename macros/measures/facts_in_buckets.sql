{#-
    The facts of a family with the start of their bucket. A family without `at` is one of
    stretches, which are cut at the edges of buckets.
-#}
{% macro facts_in_buckets(family, granularity) -%}
    {%- if family.at -%}
        select *, {{ bucket_start(granularity, family.at) }} as period_start
        from {{ ref(family.facts) }}
        where {{ family.where }}
    {%- else -%}
        {{ stretch_pieces(family.facts, granularity, family.where) }}
    {%- endif -%}
{%- endmacro %}
