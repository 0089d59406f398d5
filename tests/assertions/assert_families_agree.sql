-- What adds up over time has one total, whichever granularity it is added up from, in each project
-- and over the whole history: of the families that measures are made of.
{{ config(meta={'dagster': {'ref': {'name': 'annotation_actions_by_period'}}}) }}
{% set components = [] %}
{% for name in families() %}
    {% set family = context[name ~ '_family']() %}
    {% for component, (expression, function) in (family.components or {}).items() %}
        {% if function == 'sum' %}
            {% do components.append((name, component)) %}
        {% endif %}
    {% endfor %}
{% endfor %}

with

totals as (

    {% for family, component in components %}
        select
            '{{ family }}.{{ component }}' as component,
            time_granularity,
            project_id,
            cast(sum({{ component }}) as bigint) as total
        from {{ ref(family ~ '_by_period') }}
        where time_granularity in ('hour', 'day', 'week', 'month')
        group by time_granularity, project_id

        {{ 'union all' if not loop.last }}

    {% endfor %}
)

select
    component,
    project_id,
    count(*) as granularity_count,
    min(total) as smallest_total,
    max(total) as largest_total
from totals
where total <> 0
group by component, project_id
having count(*) <> 4 or min(total) <> max(total)
