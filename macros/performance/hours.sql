{#- Milliseconds as hours, a number with a fraction. -#}
{% macro hours(milliseconds) -%}
    cast({{ milliseconds }} / 3600000.0 as double)
{%- endmacro %}
