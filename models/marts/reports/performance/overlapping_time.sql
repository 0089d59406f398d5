-- When did a person work in two tabs at once, and how much time does that count twice?
with

stretches as (

    select
        *,
        {{ local_day('started_at') }} as day
    from {{ ref('fct_tab_stretches') }}
    where account = 'stored' and user_id is not null

),

days as (

    select
        user_id,
        day,
        cast(sum(duration_ms) as bigint) as active_ms,
        cast(sum(tabs_ms) as bigint) as tabs_ms,
        cast(sum(overlap_count) as bigint) as overlap_count,
        cast(sum(overlap_ms) as bigint) as overlap_ms
    from stretches
    group by user_id, day
    having sum(overlap_ms) > 0

)

select
    days.user_id,
    coalesce(users.user_name, days.user_id) as user_name,
    days.day,
    days.active_ms,
    days.tabs_ms,
    days.overlap_count,
    days.overlap_ms,
    days.tabs_ms - days.active_ms as counted_twice_ms
from days
left join {{ ref('dim_users') }} as users on days.user_id = users.user_id
