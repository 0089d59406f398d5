{#- What a job waits in: its project, or its task where that is in none. -#}
{% macro queue_of(project_id, task_id) -%}
    coalesce('project ' || {{ project_id }}, 'task ' || {{ task_id }})
{%- endmacro %}
