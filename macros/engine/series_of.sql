{#- One row for each step from the first instant to the last, both included. -#}
{% macro series_of(first, last, unit) -%}
    unnest(generate_series({{ first }}, {{ last }}, interval 1 {{ unit }}))
{%- endmacro %}
