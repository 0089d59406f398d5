{#- The value with the latest time; at one instant the larger value wins. Nulls do not count. -#}
{% macro latest(value, instant) -%}
    {{ last_by(value, [instant, value]) }}
{%- endmacro %}
