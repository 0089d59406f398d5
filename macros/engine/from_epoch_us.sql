{% macro from_epoch_us(microseconds) -%}
    make_timestamp({{ microseconds }})
{%- endmacro %}
