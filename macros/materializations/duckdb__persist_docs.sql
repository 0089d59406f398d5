{#-
    Replaces dbt's own, which asks twice which columns there are and comments in two statements: for
    each of some 180 relations. Here it is one question and one statement; and none
    where rows of a table are made anew in a build that has the comments already (as of views, see
    view.sql).
-#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set comments = [] -%}
    {%- if is_incremental() and env_var('WAREHOUSE_PROJECT_FINGERPRINT', '') -%}
        {%- do return(none) -%}
    {%- endif -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() and model.columns -%}
        {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
        {%- for column in validate_doc_columns(relation, model.columns, present).values() -%}
            {%- do comments.append(
                'comment on column ' ~ relation ~ '.' ~ adapter.quote(column.name)
                ~ ' is ' ~ duckdb_escape_comment(column.description) ~ ';'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {%- do run_query(comments | join('\n')) -%}
    {%- endif -%}
{%- endmacro %}
