{#- Integer division, floored. -#}
{% macro whole_division(dividend, divisor) -%}
    cast({{ dividend }} // {{ divisor }} as bigint)
{%- endmacro %}
