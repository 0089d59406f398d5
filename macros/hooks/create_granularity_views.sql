{#-
    measures_<granularity>.<measure> for people who want one granularity and must not forget a
    filter. Not dbt models, since dbt refuses two models of one name. A run that failed leaves the
    views as they were; one of a part renews those of its measures.
-#}
{% macro create_granularity_views(results) %}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list -%}
    {%- if execute and not failed -%}
        {%- set measures = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | selectattr('schema', 'equalto', 'measures')
            | selectattr('unique_id', 'in', results | map(attribute='node.unique_id') | list)
            | map(attribute='name') | sort -%}
        {%- for granularity in granularities() -%}
            {%- do run_query('create schema if not exists measures_' ~ granularity) -%}
            {%- for measure in measures -%}
                {%- do run_query(
                    'create or replace view measures_' ~ granularity ~ '.' ~ measure
                    ~ ' as select * from measures.' ~ measure
                    ~ " where time_granularity = '" ~ granularity ~ "'"
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
