{% macro cut_to_ms(instant) -%}
    date_trunc('millisecond', {{ instant }})
{%- endmacro %}
