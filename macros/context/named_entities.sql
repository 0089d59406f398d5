{#-
    Every project or task that occurs in an event or that CVAT's API shows, with the name last heard
    of and where it belongs.
-#}
{% macro named_entities(object, parents) -%}
with

entities as (

    {{ seen_entities(object, says=parents) }}

),

names as (

    {{ last_names(object) }}

)

select
    entities.{{ object }}_id,
    {%- for parent in parents %}
    entities.{{ parent }},
    {%- endfor %}
    names.name as {{ object }}_name,
    entities.first_event_at,
    entities.last_event_at,
    entities.deleted_at
from entities
left join names on entities.{{ object }}_id = names.entity_id
{%- endmacro %}
