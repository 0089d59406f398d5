{#- The instants from the first to the last, both included, one unit apart, as a list. -#}
{% macro series(first, last, unit) -%}
    generate_series({{ first }}, {{ last }}, {{ unit_interval(unit) }})
{%- endmacro %}
