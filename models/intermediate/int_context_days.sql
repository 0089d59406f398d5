-- The combinations of the dimensions of work on each UTC day with an event of it, the item left
-- out, and what the day's events called who and what they name. Contexts and entities are put
-- together from these few rows.
{{ rebuilt_by('event_day', touches={'context of work': 'work_key'}) }}
with

events as (

    select
        *,
        {{ context_key('work') }} as work_key,
        {{ truncate_to('day', 'event_at') }} as event_day
    from {{ ref('fct_events') }}
    where {{ touched('event_at') }}

)

select
    event_day,
    work_key,
    {%- for name in keyed_dimensions('work') %}
        any_value({{ name }}) as {{ name }},
    {%- endfor %}
    user_name,
    user_email,
    org_slug,
    min(event_at) as first_event_at,
    max(event_at) as last_event_at
from events
group by event_day, work_key, user_name, user_email, org_slug
