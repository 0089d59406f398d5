{#- The views of a schema, each with its columns and their types as one text. -#}
{% macro columns_of_views(schema) -%}
    {%- set columns = run_query(
        "select table_name, string_agg(column_name || ' ' || data_type, ', ' order by column_index)"
        ~ " from duckdb_columns() where schema_name = '" ~ schema ~ "' group by table_name"
    ) -%}
    {%- do return(dict(columns.rows.values() | map('list'))) -%}
{%- endmacro %}
