{#- What a family (macros/families) counts, as aggregates over its facts. -#}
{% macro family_aggregates(family) -%}
    {%- if family.components -%}
        {{ component_aggregates(family.components) }}
    {%- endif -%}
    {%- for name, aggregate in (family.aggregates or {}).items() -%}
        {{ ',' if family.components or not loop.first }}
        {{ aggregate }} as {{ name }}
    {%- endfor -%}
{%- endmacro %}
