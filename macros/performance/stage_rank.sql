{#- Where a stage stands in CVAT's order of stages; null for one that CVAT does not have. -#}
{% macro stage_rank(stage) -%}
    case {{ stage }} when 'annotation' then 1 when 'validation' then 2 when 'acceptance' then 3 end
{%- endmacro %}
