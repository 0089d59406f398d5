{#-
    The table that says which lives a build has touched: of which assignments, items, issues... a row
    was deleted or inserted since the last whole build. The strategy `touched` writes it, in the
    transaction in which it deletes and inserts; begin_build empties it.
-#}
{% macro touched_lives() -%}
    {%- do return(api.Relation.create(
        database=target.database, schema='staging', identifier='touched_lives', type='table'
    )) -%}
{%- endmacro %}
