{#- Whether a whole build has succeeded that this one can go on from. -#}
{% macro is_continued() -%}
    {%- if execute -%}
        {%- set loads = loads_built() -%}
        {%- if adapter.get_relation(loads.database, loads.schema, loads.identifier) -%}
            {%- set built = run_query('select count(*) from ' ~ loads ~ ' where is_built') -%}
            {%- do return(built.columns[0].values()[0] > 0) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(false) -%}
{%- endmacro %}
