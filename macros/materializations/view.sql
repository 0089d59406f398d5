{#-
    Replaces dbt's own, which makes every view anew in every build. What a view says depends on the
    project and its settings alone: where a whole build with the same ones has made it, it stays. Only
    who tells dbt the project's content (WAREHOUSE_PROJECT_FINGERPRINT, as `warehouse` does) can know.
    A view over the lake names its folder, which may have moved.
-#}
{% materialization view, adapter='duckdb' -%}
    {%- set present = load_cached_relation(this) -%}
    {%- set view = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if
        present is not none and present.is_view and not model.sources
        and env_var('WAREHOUSE_PROJECT_FINGERPRINT', '') and is_continued()
    -%}
        {%- call noop_statement('main', 'UNCHANGED') -%}{{ sql }}{%- endcall -%}
    {%- else -%}
        {{ drop_relation_if_exists(present) }}
        {%- call statement('main') -%}{{ get_create_view_as_sql(view, sql) }}{%- endcall -%}
        {%- do persist_docs(view, model) -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {{ adapter.commit() }}
    {%- endif -%}
    {%- do return({'relations': [view]}) -%}
{%- endmaterialization %}
