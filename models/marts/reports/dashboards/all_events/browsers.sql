-- Which browsers do people use? Each time somebody opened CVAT, with the browser it was opened in.
with

openings as (

    select
        *,
        {{ json_texts('payload', ['$.platform.name', '$.platform.version']) }} as platform
    from {{ ref('all_events') }}
    where scope = 'load:cvat'

)

select
    event_id,
    event_at,
    {{ filters() | join(', ') }},
    platform[1] as browser_name,
    platform[2] as browser_version
from openings
