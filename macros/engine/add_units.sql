{% macro add_units(instant, unit, amount=1) -%}
    ({{ instant }} + {{ unit_interval(unit, amount) }})
{%- endmacro %}
