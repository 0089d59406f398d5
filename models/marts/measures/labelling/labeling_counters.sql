-- What did annotation work touch, and how long did it take?
with

actions as (

    select
        time_granularity,
        period_start,
        {{ dimensions('work') }},
        case when action = 'created' then action_count else 0 end as created_count,
        case when action = 'updated' then action_count else 0 end as updated_count,
        case when action = 'deleted' then action_count else 0 end as deleted_count,
        0 as annotation_count,
        duration_ms
    from {{ ref('annotation_actions_by_period') }}

),

annotations as (

    select
        time_granularity,
        period_start,
        {{ dimensions('work') }},
        0 as created_count,
        0 as updated_count,
        0 as deleted_count,
        annotation_count,
        0 as duration_ms
    from {{ ref('annotations_by_period') }}

),

together as (

    select * from actions

    union all

    select * from annotations

)

select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    cast(sum(created_count) as bigint) as created_count,
    cast(sum(updated_count) as bigint) as updated_count,
    cast(sum(deleted_count) as bigint) as deleted_count,
    cast(sum(annotation_count) as bigint) as annotation_count,
    cast(count(distinct item_id) as bigint) as item_count,
    cast(sum(duration_ms) as bigint) as duration_ms
from together
group by all
