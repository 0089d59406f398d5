{#- The rows of a family (macros/families) at a finer granularity, added up to this one. -#}
{% macro added_up(family, granularity, finer) -%}
    {%- set parts = {} -%}
    {%- for name, (expression, function) in family.components.items() -%}
        {%- do parts.update({name: [name, function]}) -%}
    {%- endfor -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'period_start') }} as period_start,
        {{ (stored_context(family.context) + family['keys']) | join(', ') }},
        {%- if family.by_user %}
        any_value(user_id) as user_id,
        {%- endif %}
        {{- component_aggregates(parts) }}
    from {{ finer }}
    where {{ touched_in(
        granularity, 'period_start', family.by_user, none if family.at else family.facts
    ) }}
    group by all
{%- endmacro %}
