{#-
    A family (macros/families) by hour, day, week and month, each counted from the facts: what does not
    add up over periods.
-#}
{% macro counted_anew(family, context=none) -%}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
{{ counted_in_buckets(family, granularity, context or stored_context(family.context)) }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}
