{% macro add_ms(instant, milliseconds) -%}
    make_timestamp(epoch_us({{ instant }}) + 1000 * ({{ milliseconds }}))
{%- endmacro %}
