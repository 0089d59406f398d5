-- Every label that occurs in an annotation action or that CVAT's API shows. CVAT's rows name a
-- label by its id; its name is the one last heard of. Elsewhere the label is its own name.
with

used as (

    select
        label,
        source_system,
        action_at as first_event_at,
        action_at as last_event_at,
        cast(null as timestamp) as deleted_at
    from {{ ref('fct_annotation_actions') }}
    where label is not null

    union all

    select
        resource_id as label,
        'cvat' as source_system,
        cast(null as timestamp) as first_event_at,
        cast(null as timestamp) as last_event_at,
        deleted_at
    from {{ ref('int_cvat__resource_versions') }}
    where resource = 'label' and is_latest

),

labels as (

    select
        label,
        source_system,
        min(first_event_at) as first_event_at,
        max(last_event_at) as last_event_at,
        max(deleted_at) as deleted_at
    from used
    group by label, source_system

),

names as (

    {{ last_names('label') }}

)

select
    labels.source_system,
    labels.label,
    case
        when labels.source_system = 'cvat' then names.name
        else labels.label
    end as label_name,
    labels.first_event_at,
    labels.last_event_at,
    labels.deleted_at
from labels
left join names on labels.label = names.entity_id
