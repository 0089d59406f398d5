{#- Weeks start on Monday. -#}
{% macro truncate_to(unit, instant) -%}
    cast(date_trunc('{{ unit }}', {{ instant }}) as timestamp)
{%- endmacro %}
