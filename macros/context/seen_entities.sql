{#-
    Every entity of a kind that occurs in an event or that CVAT's API shows, with what was last said of
    it: by events, or by a pull that came after them.
-#}
{% macro seen_entities(entity, says) -%}
{%- set resource = {'org': 'organization', 'assignment': 'job'}.get(entity, entity) -%}
select
    entity_id as {{ entity }}_id,
    {%- for name in says %}
    {{ latest(name, 'said_at') }} as {{ name }},
    {%- endfor %}
    min(first_event_at) as first_event_at,
    max(last_event_at) as last_event_at,
    max(deleted_at) as deleted_at
from (
    select
        entity_id,
        {{ says | join(', ') }},
        first_event_at,
        last_event_at,
        cast(null as timestamp) as deleted_at,
        last_event_at as said_at
    from {{ ref('int_entity_days') }}
    where entity = '{{ entity }}'

    union all

    select
        resource_id as entity_id,
        {{ says | join(', ') }},
        cast(null as timestamp) as first_event_at,
        cast(null as timestamp) as last_event_at,
        deleted_at,
        valid_from as said_at
    from {{ ref('int_cvat__resource_versions') }}
    where resource = '{{ resource }}' and is_latest
)
group by entity_id
{%- endmacro %}
