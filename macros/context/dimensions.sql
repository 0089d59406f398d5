{#- The dimensions of a context as columns of a select, of one relation if it is named. -#}
{% macro dimensions(context, relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ prefix }}{{ dimension_names(context) | join(', ' ~ prefix) }}
{%- endmacro %}
