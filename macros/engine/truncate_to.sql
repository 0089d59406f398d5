{#- Weeks start on Monday. -#}
{% macro truncate_to(unit, instant) -%}
    {%- if unit == 'quarter_hour' -%}
        cast(time_bucket({{ unit_interval(unit) }}, {{ instant }}) as timestamp)
    {%- else -%}
        cast(date_trunc('{{ unit }}', {{ instant }}) as timestamp)
    {%- endif -%}
{%- endmacro %}
