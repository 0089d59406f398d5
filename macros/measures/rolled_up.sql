{#-
    A family (macros/families) by hour, day, week and month, some by minute too. What is finer than
    a week is counted from the facts, or added up from minutes; weeks and months are added up from
    days, since a week never feeds a month. Of a touched week or month only the contexts of touched
    days are made anew.
-#}
{% macro rolled_up(family) -%}
{%- set key = family.context ~ '_key' -%}
{%- set held_key = rollup_key(family) -%}
{%- set context = stored_context(family.context) -%}
{%- set user = ['user_id'] if family.by_user else [] -%}
{%- set pieces_of = none if family.at else family.facts -%}
{%- set granularities = rollup_granularities(family) -%}
with

{% for granularity in granularities if granularity not in ['week', 'month'] %}
{{ granularity }}s as (

    {#- A zone's days may start within an hour, of which the touched minutes are then not all. -#}
    {% if loop.first or 'minute' not in granularities or is_local('day') -%}
    {{ counted_in_buckets(family, granularity, context) }}
    {%- else -%}
    {{ added_up(family, granularity, 'minutes') }}
    {%- endif %}

),

{% endfor %}
{% if is_incremental() %}
touched_contexts as (

    {{ touched_contexts(held_key, 'days', family.by_user, pieces_of, key) }}

),

{% endif %}
-- Weeks and months need their other days, too.
all_days as (

    select * from days
    {% if is_incremental() %}

        union all

        select
            time_granularity,
            period_start,
            {% if family.named %}{{ held_key }} as {% endif -%}
            {{ (context + family['keys'] + user + family.components | list) | join(', ') }}
        from {{ this }}
        where
            time_granularity = 'day'
            and (
                {{ touched_in('week', 'period_start', family.by_user, pieces_of) }}
                or {{ touched_in('month', 'period_start', family.by_user, pieces_of) }}
            )
            and not {{ touched_in('day', 'period_start', family.by_user, pieces_of) }}
            and {{ held_key }} in (select touched_contexts.{{ key }} from touched_contexts)
    {% endif %}

),

{% for granularity in ['week', 'month'] %}
{{ granularity }}s as (

    {{ added_up(family, granularity, 'all_days') }}

),

{% endfor %}
periods as (

    {% for granularity in granularities %}
        select * from {{ granularity }}s
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

{{ stored_rows('periods', family, by=['time_granularity', 'period_start'], left_out=user) }}
{%- endmacro %}
