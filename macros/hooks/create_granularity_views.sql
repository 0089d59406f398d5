{#-
    measures_<granularity>.<measure> for people who want one granularity and must not forget a
    filter. Not dbt models, since dbt refuses two models of one name. A run that failed leaves the
    views as they were; others make those anew that have not the columns of their measure.
-#}
{% macro create_granularity_views(results) %}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list -%}
    {%- if execute and not failed -%}
        {%- set measures = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | selectattr('schema', 'equalto', 'measures')
            | selectattr('unique_id', 'in', results | map(attribute='node.unique_id') | list)
            | map(attribute='name') | sort -%}
        {%- set columns = columns_of_views('measures') -%}
        {%- for granularity in granularities() -%}
            {%- set schema = 'measures_' ~ granularity -%}
            {%- set present = columns_of_views(schema) -%}
            {%- set statements = ['create schema if not exists ' ~ schema] -%}
            {%- for measure in measures if present.get(measure) != columns[measure] -%}
                {%- do statements.append(
                    'create or replace view ' ~ schema ~ '.' ~ measure
                    ~ ' as select * from measures.' ~ measure
                    ~ " where time_granularity = '" ~ granularity ~ "'"
                ) -%}
            {%- endfor -%}
            {#- At once: dbt takes longer over each query than the engine. -#}
            {%- do run_query(statements | join(';\n')) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
