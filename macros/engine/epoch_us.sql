{% macro epoch_us(instant) -%}
    epoch_us({{ instant }})
{%- endmacro %}
