{#-
    Where the totals of components differ between granularities, project by project. `components` maps
    each relation to its columns, which are added up in one pass; `condition` is what its rows must
    fulfil.
-#}
{% macro unequal_totals(components, granularities, condition='true') -%}
with

{% for relation, columns in components.items() %}
sums_of_{{ relation }} as (

    select
        time_granularity,
        project_id,
        {%- for column in columns %}
        cast(sum({{ column }}) as bigint) as {{ column }}_total
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(relation) }}
    where
        time_granularity in ('{{ granularities | join("', '") }}')
        and {{ condition }}
    group by time_granularity, project_id

),

{% endfor %}
totals as (

    {% for relation, columns in components.items() %}
        {% set is_last_relation = loop.last %}
        {% for column in columns %}
            select
                '{{ relation }}.{{ column }}' as component,
                time_granularity,
                project_id,
                {{ column }}_total as total
            from sums_of_{{ relation }}

            {{ 'union all' if not (loop.last and is_last_relation) }}

        {% endfor %}
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
