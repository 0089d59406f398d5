{#-
    What was asked of the warehouse once and holds until this run of dbt ends: a dictionary, the same
    for all of its models. dbt has no place of its own for that; its graph lives as long.
-#}
{% macro known_in_this_run() -%}
    {%- do return(graph.setdefault('known', {}).setdefault(invocation_id, {})) -%}
{%- endmacro %}
