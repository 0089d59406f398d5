{#-
    After the last model: if every model of the project succeeded, and every test, all loads that
    begin_build noted are built.
-#}
{% macro end_build(results) -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list -%}
        {%- set models = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='unique_id') | list -%}
        {%- set done = results | map(attribute='node.unique_id') | list -%}
        {%- if not failed and models | reject('in', done) | list == [] -%}
            update {{ loads_built() }} set is_built = true
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
