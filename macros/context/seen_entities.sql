{#- Every entity of a kind that occurs in an event, with what events last said of it. -#}
{% macro seen_entities(entity, says) -%}
select
    entity_id as {{ entity }}_id,
    {%- for name in says %}
    {{ last_by(name, ['event_day']) }} as {{ name }},
    {%- endfor %}
    min(first_event_at) as first_event_at,
    max(last_event_at) as last_event_at
from {{ ref('int_entity_days') }}
where entity = '{{ entity }}'
group by entity_id
{%- endmacro %}
