-- Every organization that occurs in an event, with the slug last seen.
select
    org_id,
    {{ latest('org_slug', 'event_at') }} as org_slug,
    min(event_at) as first_event_at,
    max(event_at) as last_event_at
from {{ ref('fct_events') }}
where org_id is not null
group by org_id
