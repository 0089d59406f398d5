{#- The columns that stand for a context in a roll-up: its integer, and the item beside it. -#}
{% macro stored_context(context) -%}
    {%- set beside = dimension_names(context) | select('equalto', 'item_id') | list -%}
    {%- do return([context ~ '_key'] + beside) -%}
{%- endmacro %}
