{#-
    Where the totals of components differ between granularities, project by project. `components` are
    pairs of relation and column; `condition` is what its rows must fulfil.
-#}
{% macro unequal_totals(components, granularities, condition='true') -%}
with

totals as (

    {% for relation, component in components %}
        select
            '{{ relation }}.{{ component }}' as component,
            time_granularity,
            project_id,
            cast(sum({{ component }}) as bigint) as total
        from {{ ref(relation) }}
        where
            time_granularity in ('{{ granularities | join("', '") }}')
            and {{ condition }}
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
having count(*) <> {{ granularities | length }} or min(total) <> max(total)
{%- endmacro %}
