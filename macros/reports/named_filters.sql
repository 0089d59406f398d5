{#-
    The same columns of a relation that has ids alone, with the names joined in (joined_names): the
    name last heard of, else the id.
-#}
{% macro named_filters(relation) -%}
    {{ relation }}.source_system,
    {{ relation }}.source,
    {{ relation }}.scope,
    {{ relation }}.user_id,
    coalesce(users.user_name, {{ relation }}.user_id) as user_name,
    {{ relation }}.project_id,
    coalesce(projects.project_name, {{ relation }}.project_id) as project_name,
    {{ relation }}.task_id,
    coalesce(tasks.task_name, {{ relation }}.task_id) as task_name,
    {{ relation }}.assignment_id,
    {{ relation }}.org_id,
    coalesce(organizations.org_slug, {{ relation }}.org_id) as org_slug
{%- endmacro %}
