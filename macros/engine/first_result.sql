{#- The first result of an expression over the elements of a list that is not null. -#}
{% macro first_result(list, element, expression) -%}
    list_filter(
        list_transform({{ list }}, lambda {{ element }}: {{ expression }}),
        lambda {{ element }}_result: {{ element }}_result is not null
    )[1]
{%- endmacro %}
