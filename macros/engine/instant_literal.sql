{#- The text of a SQL literal that stands for this instant. -#}
{% macro instant_literal(instant) -%}
    'cast(''' || cast({{ instant }} as varchar) || ''' as timestamp)'
{%- endmacro %}
