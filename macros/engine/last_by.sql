{#- The value of the row that comes last in this order; null values do not count. -#}
{% macro last_by(value, order) -%}
    max_by({{ value }}, row({{ order | join(', ') }}))
{%- endmacro %}
