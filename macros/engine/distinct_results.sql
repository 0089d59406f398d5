{#- The different results of an expression over the elements of a list; `element` names one. -#}
{% macro distinct_results(list, element, expression) -%}
    list_distinct(list_transform({{ list }}, lambda {{ element }}: {{ expression }}))
{%- endmacro %}
