{#-
    The first and last UTC day that whoever calls dbt wants rebuilt, in WAREHOUSE_REBUILD_DAYS as
    `2026-01-01/2026-01-06`; nothing where nobody asked.
-#}
{% macro asked_days() -%}
    {%- if execute -%}
        {%- set asked = env_var('WAREHOUSE_REBUILD_DAYS', '') -%}
        {%- if asked -%}
            {%- set days = asked.split('/') -%}
            {%- do return({
                'first': "cast('" ~ days[0] ~ "' as timestamp)",
                'last': "cast('" ~ days[1] ~ "' as timestamp)",
            }) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
