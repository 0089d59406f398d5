{#-
    A family (macros/families) whose `aggregates` do not add up over periods, counted from its facts at
    one granularity, by its context or the integer that stands for it.
-#}
{% macro counted_in_buckets(family, granularity, context) -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, family.at) }} as period_start,
        {{ (context + family['keys']) | join(', ') }}
        {%- for name, aggregate in family.aggregates.items() %},
        {{ aggregate }} as {{ name }}
        {%- endfor %}
    from {{ ref(family.facts) }}
    where {{ family.where }} and {{ touched_in(granularity, family.at) }}
    group by all
{%- endmacro %}
