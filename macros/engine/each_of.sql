{#- One row for each element of a list. -#}
{% macro each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}
