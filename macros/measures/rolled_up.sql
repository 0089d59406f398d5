{#-
    A family (macros/families) by hour, day, week and month. Hours and days are counted from the
    facts; weeks and months are added up from days, since a week never feeds a month.
-#}
{% macro rolled_up(family) -%}
{%- set columns = [family.context ~ '_key'] + family['keys'] -%}
with

{% for granularity in ['hour', 'day'] %}
{{ granularity }}s as (

    select
        '{{ granularity }}' as time_granularity,
        period_start,
        {{ columns | join(', ') }},
        {{- component_aggregates(family.components) }}
    from ({{ facts_in_buckets(family, granularity) }})
    group by all

),

{% endfor %}
{% set parts = {} %}
{% for name, (expression, function) in family.components.items() -%}
    {% do parts.update({name: [name, function]}) %}
{%- endfor %}
{% for granularity in ['week', 'month'] %}
{{ granularity }}s as (

    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'period_start') }} as period_start,
        {{ columns | join(', ') }},
        {{- component_aggregates(parts) }}
    from days
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
