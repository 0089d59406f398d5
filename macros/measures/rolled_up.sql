{#-
    A family (macros/families) by hour, day, week and month. Hours and days are counted from the
    facts; weeks and months are added up from days, since a week never feeds a month. Of a touched
    week or month only the contexts of touched days are made anew.
-#}
{% macro rolled_up(family) -%}
{%- set context = stored_context(family.context) -%}
{%- set columns = context + family['keys'] -%}
{%- set user = 'any_value(user_id) as user_id,' if family.by_user -%}
{%- set pieces_of = none if family.at else family.facts -%}
with

{% for granularity in ['hour', 'day'] %}
{{ granularity }}s as (

    {{ counted_in_buckets(family, granularity, context) }}

),

{% endfor %}
{% if is_incremental() %}
touched_contexts as (

    {{ touched_contexts(family.context ~ '_key', 'days', family.by_user, pieces_of) }}

),

{% endif %}
{% set parts = {} %}
{% for name, (expression, function) in family.components.items() -%}
    {% do parts.update({name: [name, function]}) %}
{%- endfor %}
-- Weeks and months need their other days, too.
all_days as (

    select * from days
    {% if is_incremental() %}

        union all

        select * from {{ this }}
        where
            time_granularity = 'day'
            and (
                {{ touched_in('week', 'period_start', family.by_user, pieces_of) }}
                or {{ touched_in('month', 'period_start', family.by_user, pieces_of) }}
            )
            and not {{ touched_in('day', 'period_start', family.by_user, pieces_of) }}
            and {{ family.context }}_key in (select {{ family.context }}_key from touched_contexts)
    {% endif %}

),

{% for granularity in ['week', 'month'] %}
{{ granularity }}s as (

    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'period_start') }} as period_start,
        {{ columns | join(', ') }},
        {{ user }}
        {{- component_aggregates(parts) }}
    from all_days
    where {{ touched_in(granularity, 'period_start', family.by_user, pieces_of) }}
    group by all

){{ ',' if not loop.last }}

{% endfor %}
select * from hours

union all

select * from days

union all

select * from weeks

union all

select * from months
{%- endmacro %}
