{#- The texts of a group as SQL literals between commas. -#}
{% macro text_literals(text) -%}
    string_agg('''' || replace({{ text }}, '''', '''''') || '''', ', ' order by {{ text }})
{%- endmacro %}
