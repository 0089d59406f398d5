-- Each user, organization, project, task and assignment on each UTC day with an event of it:
-- when first and last, and what the day's events last said of it. Dimensions are put together
-- from these few rows.
{{ rebuilt_by('event_day') }}
{% set said = ['user_name', 'user_email', 'org_slug', 'org_id', 'project_id', 'task_id'] %}
{% set entities = {
    'user': ['user_name', 'user_email'],
    'org': ['org_slug'],
    'project': ['org_id'],
    'task': ['org_id', 'project_id'],
    'assignment': ['org_id', 'project_id', 'task_id'],
} %}

with

days as (

    select * from {{ ref('int_context_days') }}
    where {{ touched('event_day') }}

)

{% for entity, told in entities.items() %}
    select
        '{{ entity }}' as entity,
        {{ entity }}_id as entity_id,
        event_day,
        {%- for name in said %}
            {{ latest(name, 'last_event_at') if name in told else 'cast(null as varchar)' }}
                as {{ name }},
        {%- endfor %}
        min(first_event_at) as first_event_at,
        max(last_event_at) as last_event_at
    from days
    where {{ entity }}_id is not null
    group by {{ entity }}_id, event_day
    {{ 'union all' if not loop.last }}
{% endfor %}
