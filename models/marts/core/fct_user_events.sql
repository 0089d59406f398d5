-- Who did something where and when: events of users in no more columns than say so. A question to a
-- view waits for the planning of all of its columns, and those of fct_events are many.
{{ config(materialized='view') }}
select
    event_id,
    {{ known_dimensions(
        'work', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
    ) }},
    event_at,
    minute_start
from {{ ref('stg_cvat__event_copies') }}
where is_accepted and user_id is not null

{% for system, copies in sample_sources().values() %}
    union all

    select
        event_id,
        {{ as_samples(copies, dimension_names('work')) }},
        started_at as event_at,
        {{ truncate_to('minute', 'started_at') }} as minute_start
    from {{ ref(copies) }}
    where is_accepted and user_id is not null
{% endfor %}
