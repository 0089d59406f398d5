{#-
    The objects that the payload of a save lists, as JSON text; null where it lists none. Few rows list any,
    and these lists are most of their payload: they are read out of it where they are needed.
-#}
{% macro saved_objects(payload) -%}
    {{ first_result(
        json_texts(payload, ['$.tags', '$.shapes', '$.tracks']), 'listed', 'listed'
    ) }}
{%- endmacro %}
