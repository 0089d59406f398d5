{#- The texts of a group as one, between commas, in this order. -#}
{% macro joined_texts(text, order) -%}
    string_agg({{ text }}, ', ' order by {{ order }})
{%- endmacro %}
