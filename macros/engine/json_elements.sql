{#- The elements of a JSON array as a list of JSON texts. -#}
{% macro json_elements(json) -%}
    json_extract_string({{ json }}, '$[*]')
{%- endmacro %}
