{#- One integer for a context: what roll-ups are grouped by instead of its texts. -#}
{% macro context_key(context) -%}
    {{ hash_key(keyed_dimensions(context)) }}
{%- endmacro %}
