{#-
    Every project or task that occurs in an event, with the name last heard of and where it belongs.
-#}
{% macro named_entities(object, id, parents) -%}
with

entities as (

    select
        {{ id }},
        {%- for parent in parents %}
        {{ latest(parent, 'event_at') }} as {{ parent }},
        {%- endfor %}
        min(event_at) as first_event_at,
        max(event_at) as last_event_at
    from {{ ref('fct_events') }}
    where {{ id }} is not null
    group by {{ id }}

),

names as (

    select
        entity_id,
        {{ latest('value', 'event_at') }} as name
    from {{ ref('int_cvat__field_changes') }}
    where object = '{{ object }}' and field = 'name'
    group by entity_id

)

select
    entities.{{ id }},
    {%- for parent in parents %}
    entities.{{ parent }},
    {%- endfor %}
    names.name as {{ object }}_name,
    entities.first_event_at,
    entities.last_event_at
from entities
left join names on entities.{{ id }} = names.entity_id
{%- endmacro %}
