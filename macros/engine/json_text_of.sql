{#- A JSON object as text; `fields` maps a key to SQL, `json_fields` to SQL of a JSON text. -#}
{% macro json_text_of(fields, json_fields={}) -%}
    cast(json_object(
        {%- for key, value in fields.items() %}'{{ key }}', {{ value }}{{ ', ' if not loop.last }}{% endfor -%}
        {%- for key, json in json_fields.items() %}, '{{ key }}', cast({{ json }} as json){% endfor -%}
    ) as varchar)
{%- endmacro %}
