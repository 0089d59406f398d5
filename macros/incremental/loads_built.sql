{#-
    The table that says which loads a whole build has seen (is_built), and with which settings.
    It is written by begin_build and end_build alone.
-#}
{% macro loads_built() -%}
    {%- do return(api.Relation.create(
        database=target.database, schema='staging', identifier='loads_built', type='table'
    )) -%}
{%- endmacro %}
