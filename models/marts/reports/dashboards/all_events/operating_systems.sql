-- Which operating systems do people use? Each time somebody opened CVAT, with the system it was
-- opened on.
select
    event_id,
    event_at,
    {{ filters() | join(', ') }},
    {{ json_texts('payload', ['$.platform.os']) }}[1] as operating_system
from {{ ref('all_events') }}
where scope = 'load:cvat'
