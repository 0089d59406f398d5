{#- The name of each project, task or label: the last that an event told or CVAT's API showed. -#}
{% macro last_names(object) -%}
select
    entity_id,
    {{ latest('name', 'said_at') }} as name
from (
    select
        entity_id,
        value as name,
        event_at as said_at
    from {{ ref('int_cvat__field_changes') }}
    where object = '{{ object }}' and field = 'name'

    union all

    select
        resource_id as entity_id,
        name,
        valid_from as said_at
    from {{ ref('int_cvat__resource_versions') }}
    where resource = '{{ object }}' and is_latest
)
group by entity_id
{%- endmacro %}
