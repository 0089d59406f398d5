{#- The names of what a family (macros/families) counts. -#}
{% macro counted_columns(family) -%}
    {%- do return((family.components or {}).keys() | list + (family.aggregates or {}).keys() | list) -%}
{%- endmacro %}
