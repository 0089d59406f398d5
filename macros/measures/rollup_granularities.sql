{#- The granularities that the roll-up of a family holds, from fine to coarse. -#}
{% macro rollup_granularities(family) -%}
    {%- set all = granularities() -%}
    {%- do return(all[all.index(family.finest or 'hour'):]) -%}
{%- endmacro %}
