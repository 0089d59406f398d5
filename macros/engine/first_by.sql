{#- The value of the row that comes first in this order; null values do not count. -#}
{% macro first_by(value, order) -%}
    min_by({{ value }}, row({{ order | join(', ') }}))
{%- endmacro %}
