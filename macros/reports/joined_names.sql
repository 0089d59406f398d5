{#- The joins that named_filters reads: none of them loses a row, or makes two of one. -#}
{% macro joined_names(relation) -%}
    left join {{ ref('dim_users') }} as users
        on {{ relation }}.user_id = users.user_id
    left join {{ ref('dim_projects') }} as projects
        on {{ relation }}.project_id = projects.project_id
    left join {{ ref('dim_tasks') }} as tasks
        on {{ relation }}.task_id = tasks.task_id
    left join {{ ref('dim_organizations') }} as organizations
        on {{ relation }}.org_id = organizations.org_id
{%- endmacro %}
