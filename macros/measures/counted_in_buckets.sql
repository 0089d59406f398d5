{#-
    A family (macros/families) counted from its facts at one granularity: a row for each bucket, context
    and keys. `context` names the columns that the context is shown by.
-#}
{% macro counted_in_buckets(family, granularity, context) -%}
    select
        '{{ granularity }}' as time_granularity,
        period_start,
        {{ (context + family['keys']) | join(', ') }}
        {%- if family.by_user and 'user_id' not in context %},
        any_value(user_id) as user_id
        {%- endif %},
        {{ family_aggregates(family) }}
    from ({{ facts_in_buckets(family, granularity) }})
    group by all
{%- endmacro %}
