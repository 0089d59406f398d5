{#- A JSON array of objects as one list of structs; `fields` maps a field to its type. -#}
{% macro json_objects(json, fields) -%}
    from_json({{ json }}, '[{ {%- for name, type in fields.items() -%}
        "{{ name }}": "{{ type }}"{{ ', ' if not loop.last }}
    {%- endfor -%} }]')
{%- endmacro %}
