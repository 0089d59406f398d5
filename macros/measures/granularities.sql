{#- The six granularities, from fine to coarse. -#}
{% macro granularities() -%}
    {%- do return(['second', 'minute', 'hour', 'day', 'week', 'month']) -%}
{%- endmacro %}
