-- Everyone who occurs in an event, with the name and e-mail last seen.
select
    user_id,
    {{ latest('user_name', 'event_at') }} as user_name,
    {{ latest('user_email', 'event_at') }} as user_email,
    min(event_at) as first_event_at,
    max(event_at) as last_event_at
from {{ ref('fct_events') }}
where user_id is not null
group by user_id
