-- What went wrong? Every exception that a tool reported, with where in its code.
select
    event_id,
    event_at,
    minute_start,
    {{ filters() | join(', ') }},
    exception_message,
    {{ json_texts('payload', ['$.stack']) }}[1] as stack,
    payload
from {{ ref('all_events') }}
where scope = 'send:exception'
