{#-
    So many units as an interval. `quarter_hour` is the coarsest unit at whose edges the days of
    every time zone of today begin.
-#}
{% macro unit_interval(unit, amount=1) -%}
    {%- if unit == 'quarter_hour' -%}
        interval ({{ 15 * amount }}) minute
    {%- else -%}
        interval ({{ amount }}) {{ unit }}
    {%- endif -%}
{%- endmacro %}
