{#-
    The columns by which people filter every report, in the order in which every report shows them:
    who emitted what, and where.
-#}
{% macro filters() -%}
    {%- do return([
        'source_system', 'source', 'scope', 'user_id', 'user_name', 'project_id', 'project_name',
        'task_id', 'task_name', 'assignment_id', 'org_id', 'org_slug',
    ]) -%}
{%- endmacro %}
