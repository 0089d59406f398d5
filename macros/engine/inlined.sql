{#- After `as`: a step that is asked for more than once is read again, not kept in memory. -#}
{% macro inlined() -%}
    not materialized
{%- endmacro %}
