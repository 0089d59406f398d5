{#- Whether a whole build has succeeded that this one can go on from: asked once, after begin_build. -#}
{% macro is_continued() -%}
    {%- if not execute -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set known = known_in_this_run() -%}
    {%- if 'is_continued' not in known -%}
        {%- set loads = loads_built() -%}
        {%- set built = [[0]] -%}
        {%- if adapter.get_relation(loads.database, loads.schema, loads.identifier) -%}
            {%- set built = run_query('select count(*) from ' ~ loads ~ ' where is_built').rows -%}
        {%- endif -%}
        {%- do known.update({'is_continued': built[0][0] > 0}) -%}
    {%- endif -%}
    {%- do return(known.is_continued) -%}
{%- endmacro %}
