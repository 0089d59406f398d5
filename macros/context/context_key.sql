{#- One integer for a whole context: what roll-ups are grouped by instead of its texts. -#}
{% macro context_key(context) -%}
    {{ hash_key(dimension_names(context)) }}
{%- endmacro %}
