{#- The day of an instant as the calendar of the reporting time zone names it: a date. -#}
{% macro local_day(instant) -%}
    cast({{ local_bucket('day', instant) }} as date)
{%- endmacro %}
