{#-
    The facts of a family with the start of their bucket. A family without `at` is one of
    stretches, which are cut at the edges of buckets. Where the facts keep their minute, an engine
    skips the others.
-#}
{% macro facts_in_buckets(family, granularity) -%}
    {%- if family.at -%}
        {%- set stored = family.minute if granularity == 'minute' %}
        select *, {{ stored or bucket_start(granularity, family.at) }} as period_start
        from {{ ref(family.facts) }}
        where {{ family.where }} and {{ touched_in(granularity, family.at, family.by_user) }}
    {%- else -%}
        {{ stretch_pieces(family, granularity) }}
    {%- endif -%}
{%- endmacro %}
