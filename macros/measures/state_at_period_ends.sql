{#-
    A state (how many are in which status) at the end of every period in which it changed. `deltas`
    holds one row for each +1 and -1 of a status in the group that the integer `key` stands for. A
    period in which a group changed shows all statuses that the group has had, one that fell to
    nothing as 0; nothing is carried into periods without a change.
-#}
{% macro state_at_period_ends(deltas, granularity, key, lives) -%}
    select * from (
        with

        changes as (

            select
                {{ bucket_start(granularity, 'changed_at') }} as period_start,
                {{ key }},
                status,
                sum(delta) as delta
            from {{ ref(deltas) }}
            where {{ of_touched_life(lives) }}
            group by all

        ),

        periods as (

            select distinct period_start, {{ key }} from changes

        ),

        statuses as (

            select {{ key }}, status, min(period_start) as first_period_start
            from changes
            group by all

        )

        select
            '{{ granularity }}' as time_granularity,
            periods.period_start,
            periods.{{ key }},
            statuses.status,
            cast(sum(coalesce(changes.delta, 0)) over (
                partition by periods.{{ key }}, statuses.status order by periods.period_start
                rows between unbounded preceding and current row
            ) as bigint) as state_count
        from periods
        inner join statuses
            on
                periods.{{ key }} = statuses.{{ key }}
                and periods.period_start >= statuses.first_period_start
        left join changes
            on
                periods.period_start = changes.period_start
                and periods.{{ key }} = changes.{{ key }}
                and statuses.status = changes.status
    )
{%- endmacro %}
