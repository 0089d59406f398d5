-- How many objects of each label were made in a project, and how long does one take to draw?
with

actions as (

    select
        *,
        -- A save that does not name its objects gives each the same time.
        case
            when action = 'created' and action_count > 0
                then cast(duration_ms as double) / action_count
        end as drawing_ms
    from {{ ref('fct_annotation_actions') }}

),

labels as (

    select
        source_system,
        project_id,
        label,
        cast(sum(case when action = 'created' then action_count else 0 end) as bigint)
            as created_count,
        cast(sum(case when action = 'updated' then action_count else 0 end) as bigint)
            as updated_count,
        cast(sum(case when action = 'deleted' then action_count else 0 end) as bigint)
            as deleted_count,
        cast(sum(case when drawing_ms is not null then action_count else 0 end) as bigint)
            as timed_count,
        cast(sum(case when drawing_ms is not null then duration_ms else 0 end) as bigint)
            as drawing_ms,
        cast({{ median('drawing_ms') }} as bigint) as object_median_ms,
        cast({{ quantile('drawing_ms', 0.9) }} as bigint) as object_p90_ms
    from actions
    group by source_system, project_id, label

)

select
    labels.source_system,
    labels.project_id,
    coalesce(projects.project_name, labels.project_id) as project_name,
    labels.label,
    coalesce(names.label_name, labels.label) as label_name,
    labels.created_count,
    labels.updated_count,
    labels.deleted_count,
    labels.created_count - labels.deleted_count as net_count,
    labels.timed_count,
    labels.drawing_ms,
    labels.object_median_ms,
    labels.object_p90_ms,
    {{ rate('labels.drawing_ms', 'labels.timed_count') }} as object_mean_ms
from labels
left join {{ ref('dim_labels') }} as names
    on labels.source_system = names.source_system and labels.label = names.label
left join {{ ref('dim_projects') }} as projects on labels.project_id = projects.project_id
