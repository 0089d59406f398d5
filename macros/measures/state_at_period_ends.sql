{#-
    A state (how many are in which status) at the end of every period in which it changed. `deltas`
    holds one row for each +1 and -1 of a status in the group that the integer `key` stands for. A
    period in which a group changed shows all statuses that the group has had, one that fell to
    nothing as 0; nothing is carried into periods without a change.
-#}
{% macro state_at_period_ends(deltas, granularity, key) -%}
    select
        '{{ granularity }}' as time_granularity,
        grid.period_start,
        grid.{{ key }},
        grid.status,
        cast(sum(coalesce(changes.delta, 0)) over (
            partition by grid.{{ key }}, grid.status order by grid.period_start
            rows between unbounded preceding and current row
        ) as bigint) as state_count
    from (
        select periods.period_start, periods.{{ key }}, statuses.status
        from (
            select distinct
                {{ bucket_start(granularity, 'changed_at') }} as period_start,
                {{ key }}
            from {{ ref(deltas) }}
        ) as periods
        inner join (
            select
                {{ key }},
                status,
                {{ bucket_start(granularity, 'min(changed_at)') }} as first_period_start
            from {{ ref(deltas) }}
            group by {{ key }}, status
        ) as statuses
            on
                periods.{{ key }} = statuses.{{ key }}
                and periods.period_start >= statuses.first_period_start
    ) as grid
    left join (
        select
            {{ bucket_start(granularity, 'changed_at') }} as period_start,
            {{ key }},
            status,
            sum(delta) as delta
        from {{ ref(deltas) }}
        group by 1, 2, 3
    ) as changes
        on
            grid.period_start = changes.period_start
            and grid.{{ key }} = changes.{{ key }}
            and grid.status = changes.status
{%- endmacro %}
