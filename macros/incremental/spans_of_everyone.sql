{#- SQL for the days that are touched for everyone, neighbours as one span. -#}
{% macro spans_of_everyone(days) -%}
    select
        {{ instant_literal('min(starts_at)') }} as starts_at,
        {{ instant_literal('max(ends_at)') }} as ends_at
    from (
        select
            *,
            sum(case when starts_at <= ends_before then 0 else 1 end) over (
                order by starts_at rows between unbounded preceding and current row
            ) as span_number
        from (
            select
                *,
                max(ends_at) over (
                    order by starts_at rows between unbounded preceding and 1 preceding
                ) as ends_before
            from (
                select
                    {{ first_instant(days, 'event_day') }} as starts_at,
                    {{ end_of_days(days, add_units('event_day', 'day')) }} as ends_at
                from {{ ref('stg_touched_days') }}
            )
        )
    )
    group by span_number
    order by starts_at
{%- endmacro %}
