{#- One row for each element of a list, with its place in the list, from 1. -#}
{% macro unnested(list, element, place) -%}
    unnest({{ list }}) as {{ element }},
    generate_subscripts({{ list }}, 1) as {{ place }}
{%- endmacro %}
