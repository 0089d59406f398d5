{#- Several fields of one JSON text as a list of texts, parsed once. -#}
{% macro json_texts(json, paths) -%}
    json_extract_string({{ json }}, ['{{ paths | join("', '") }}'])
{%- endmacro %}
