-- What does each account of a person's day in CVAT say, which of them counts, and why does it
-- differ from the derived one? The causes add up to the difference.
with

accounts as (

    select
        user_id,
        {{ local_day('started_at') }} as day,
        cast(sum(case when method = 'reported' then duration_ms end) as bigint) as reported_ms,
        cast(sum(case when method = 'replayed' then duration_ms end) as bigint) as replayed_ms,
        cast(sum(
            case when method = 'derived' and activity_status = 'active' then duration_ms end
        ) as bigint) as derived_ms,
        cast(sum(
            case when method = 'derived' and activity_status = 'idle' then duration_ms end
        ) as bigint) as derived_idle_ms,
        max(case when is_counted then method end) as counted_method
    from {{ ref('fct_activity') }}
    where source_system = 'cvat' and user_id is not null
    group by 1, 2

),

tabs as (

    select
        user_id,
        {{ local_day('started_at') }} as day,
        sum(case when account = 'stored' then duration_ms end) as stored_ms,
        sum(case when account = 'stored' then tabs_ms end) as stored_tabs_ms,
        sum(case when account = 'captured' then tabs_ms end) as captured_tabs_ms
    from {{ ref('fct_tab_stretches') }}
    group by 1, 2

),

counted as (

    select
        *,
        case counted_method
            when 'reported' then reported_ms
            when 'replayed' then replayed_ms
            when 'derived' then derived_ms
        end as counted_ms
    from accounts

),

differences as (

    select
        counted.*,
        counted.counted_ms - coalesce(counted.derived_ms, 0) as difference_ms,
        coalesce(tabs.stored_tabs_ms, 0) as stored_tabs_ms,
        tabs.captured_tabs_ms,
        coalesce(tabs.stored_ms, 0) as stored_ms
    from counted
    left join tabs on counted.user_id = tabs.user_id and counted.day = tabs.day

),

causes as (

    select
        *,
        case when counted_method in ('reported', 'replayed') then stored_tabs_ms - stored_ms end
            as two_tabs_ms,
        case
            when counted_method in ('reported', 'replayed')
                then stored_ms - coalesce(derived_ms, 0)
        end as between_tabs_ms,
        case when counted_method = 'replayed' then captured_tabs_ms - stored_tabs_ms end
            as not_stored_ms,
        -- Without captured rows: what CVAT counted beyond its stored rows it can only have
        -- counted in their gaps.
        case
            when counted_method = 'reported'
                then least(
                    greatest(reported_ms - stored_tabs_ms, 0), coalesce(derived_idle_ms, 0)
                )
        end as in_gaps_ms
    from differences

)

select
    causes.user_id,
    coalesce(users.user_name, causes.user_id) as user_name,
    causes.day,
    causes.counted_method,
    causes.counted_ms,
    causes.reported_ms,
    causes.replayed_ms,
    causes.derived_ms,
    causes.derived_idle_ms,
    causes.difference_ms,
    cast(causes.two_tabs_ms as bigint) as two_tabs_ms,
    cast(causes.between_tabs_ms as bigint) as between_tabs_ms,
    cast(causes.not_stored_ms as bigint) as not_stored_ms,
    cast(causes.in_gaps_ms as bigint) as in_gaps_ms,
    cast(
        causes.difference_ms
        - coalesce(causes.two_tabs_ms, 0)
        - coalesce(causes.between_tabs_ms, 0)
        - coalesce(causes.not_stored_ms, 0)
        - coalesce(causes.in_gaps_ms, 0) as bigint
    ) as remainder_ms
from causes
left join {{ ref('dim_users') }} as users on causes.user_id = users.user_id
