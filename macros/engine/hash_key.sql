{#- A 64-bit key that is a function of the values alone; null is a value like any other. -#}
{% macro hash_key(values) -%}
    hash({{ values | join(', ') }})
{%- endmacro %}
