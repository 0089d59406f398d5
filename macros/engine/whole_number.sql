{#- A text as an integer, cut, not rounded; null where it is no number. -#}
{% macro whole_number(text) -%}
    cast(trunc(try_cast({{ text }} as decimal(18, 3))) as bigint)
{%- endmacro %}
