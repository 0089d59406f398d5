{#-
    A family's facts of one context (work, function) by hour, day, week and month. Hours and days are counted from the facts; weeks
    and months are added up from days (a week never feeds a month). `components` maps a name to
    [expression, function], where the function (sum, min, max) also joins the parts again. With
    `is_stretch` the facts are stretches, cut at bucket edges; otherwise `at` is their time.
-#}
{% macro rolled_up(context, facts, keys, components, where='true', at=none, is_stretch=false) -%}
with

{% for granularity in ['hour', 'day'] %}
{{ granularity }}s as (

    select
        '{{ granularity }}' as time_granularity,
        {% if is_stretch -%}
        period_start,
        {%- else -%}
        {{ bucket_start(granularity, at) }} as period_start,
        {%- endif %}
        {{ context }}_key,
        {{ keys | join(', ') ~ ',' if keys }}
        {{- component_aggregates(components) }}
    from {% if is_stretch -%}
        ({{ stretch_pieces(facts, granularity, where) }})
        {%- else -%}
        {{ ref(facts) }}
        where {{ where }}
        {%- endif %}
    group by all

),

{% endfor %}
{% set parts = {} %}
{% for name, (expression, function) in components.items() -%}
    {% do parts.update({name: [name, function]}) %}
{%- endfor %}
{% for granularity in ['week', 'month'] %}
{{ granularity }}s as (

    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'period_start') }} as period_start,
        {{ context }}_key,
        {{ keys | join(', ') ~ ',' if keys }}
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
