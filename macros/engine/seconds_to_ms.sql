{#- Seconds in a text as milliseconds, decimal half-up; null where it is no number. -#}
{% macro seconds_to_ms(text) -%}
    cast(round(try_cast({{ text }} as decimal(18, 9)) * 1000) as bigint)
{%- endmacro %}
