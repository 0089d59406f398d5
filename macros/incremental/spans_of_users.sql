{#- SQL for the spans that are touched for single users, those with the same span together. -#}
{% macro spans_of_users(days) -%}
    select
        {{ instant_literal('starts_at') }} as starts_at,
        {{ instant_literal('ends_at') }} as ends_at,
        {{ text_literals("coalesce(user_id, '')") }} as users
    from (
        select distinct
            user_id,
            {{ first_instant(days, 'starts_at') }} as starts_at,
            {{ end_of_days(days, 'ends_at') }} as ends_at
        from {{ ref('int_touched_users') }}
    )
    group by starts_at, ends_at
    order by starts_at, ends_at
{%- endmacro %}
