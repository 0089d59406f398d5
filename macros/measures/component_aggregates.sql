{#-
    Components as aggregates. Each component is [expression, function]; a sum of nothing is 0,
    an extreme of nothing is null.
-#}
{% macro component_aggregates(components) -%}
    {%- for name, (expression, function) in components.items() %}
        {%- set aggregate = function ~ '(' ~ expression ~ ')' %}
        cast({{ 'coalesce(' ~ aggregate ~ ', 0)' if function == 'sum' else aggregate }} as bigint)
            as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
