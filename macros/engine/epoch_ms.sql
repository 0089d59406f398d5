{% macro epoch_ms(instant) -%}
    epoch_ms({{ instant }})
{%- endmacro %}
