-- How long does creating and updating an annotation of each label take?
with

durations as (

    select
        time_granularity,
        period_start,
        {{ dimensions('work') }},
        label,
        duration_ms,
        duration_ms_max as action_ms,
        0 as annotation_count
    from {{ ref('label_actions_by_period') }}
    where action in ('created', 'updated')

),

annotations as (

    select
        time_granularity,
        period_start,
        {{ dimensions('work') }},
        label,
        0 as duration_ms,
        cast(null as bigint) as action_ms,
        annotation_count
    from {{ ref('label_annotations_by_period') }}

),

together as (

    select * from durations

    union all

    select * from annotations

)

select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(annotation_count) as bigint) as annotation_count,
    cast(sum(duration_ms) / nullif(sum(annotation_count), 0) as double) as value
from together
group by all
having sum(duration_ms) > 0 or sum(annotation_count) > 0
