{% macro add_units(instant, unit, amount=1) -%}
    ({{ instant }} + interval ({{ amount }}) {{ unit }})
{%- endmacro %}
