{#- The middle value; of an even number, the mean of the middle two. -#}
{% macro median(value) -%}
    median({{ value }})
{%- endmacro %}
