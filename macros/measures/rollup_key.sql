{#- SQL for the integer of a row's context in the roll-up of a family, which holds it or the context's ids. -#}
{% macro rollup_key(family) -%}
    {{ context_key(family.context) if family.named else family.context ~ '_key' }}
{%- endmacro %}
