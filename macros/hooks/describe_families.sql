{#-
    rollups.families: each family (macros/families) as data, one row for each relation by period, for
    who counts over windows that are no buckets. No dbt model, since it is made of macros and not of
    relations. A run that failed leaves it as it was.
-#}
{% macro describe_families(results) %}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped']) | list -%}
    {%- if execute and flags.WHICH in ('build', 'run') and not failed -%}
        {%- set rows = [] -%}
        {%- for name in families() -%}
            {%- set family = context[name ~ '_family']() -%}
            {%- set facts = graph.nodes['model.' ~ project_name ~ '.' ~ family.facts] -%}
            {%- do family.update({
                'facts': facts.schema ~ '.' ~ facts.name,
                'dimensions': dimension_names(family.context),
                'joined_dimensions':
                    [] if family.named else keyed_dimensions(family.context),
                'reporting_timezone': var('reporting_timezone'),
            }) -%}
            {%- do rows.append(
                "('" ~ name ~ "', '" ~ tojson(family, sort_keys=true) | replace("'", "''") ~ "')"
            ) -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists rollups') -%}
        {%- do run_query(
            'create or replace table rollups.families as'
            ~ ' select cast(name as varchar) as name, cast(description as varchar) as description'
            ~ ' from (values ' ~ rows | join(', ') ~ ') as families (name, description)'
        ) -%}
    {%- endif -%}
{% endmacro %}
