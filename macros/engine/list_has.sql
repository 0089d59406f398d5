{#- Whether a list holds a value. -#}
{% macro list_has(list, value) -%}
    list_contains({{ list }}, {{ value }})
{%- endmacro %}
