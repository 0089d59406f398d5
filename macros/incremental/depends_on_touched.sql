{#- dbt learns what a model depends on while it parses, when nothing is asked for touched spans yet. -#}
{% macro depends_on_touched(users=false) -%}
    {%- do ref('stg_touched_days') -%}
    {%- if users -%}
        {%- do ref('int_touched_users') -%}
    {%- endif -%}
{%- endmacro %}
