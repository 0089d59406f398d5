-- Every label that occurs in an annotation action. CVAT's rows name a label by its id; its
-- name is the one last heard of. Elsewhere the label is its own name.
with

labels as (

    select
        label,
        source_system,
        min(action_at) as first_event_at,
        max(action_at) as last_event_at
    from {{ ref('fct_annotation_actions') }}
    where label is not null
    group by label, source_system

),

names as (

    select
        entity_id,
        {{ latest('value', 'event_at') }} as name
    from {{ ref('int_cvat__field_changes') }}
    where object = 'label' and field = 'name'
    group by entity_id

)

select
    labels.source_system,
    labels.label,
    case
        when labels.source_system = 'cvat' then names.name
        else labels.label
    end as label_name,
    labels.first_event_at,
    labels.last_event_at
from labels
left join names on labels.label = names.entity_id
