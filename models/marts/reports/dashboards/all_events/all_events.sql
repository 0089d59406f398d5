-- What happened? Every event as it came, with the names of whom and what it is about. The other
-- reports on events count these rows.
select
    events.event_id,
    events.event_at,
    events.minute_start,
    {{ named_filters('events') }},
    events.user_email,
    events.object_name,
    events.object_id,
    events.object_value,
    events.object_count,
    events.duration_ms,
    events.access_token_id,
    events.payload,
    -- In a CASE, so that no other payload is parsed.
    case
        when events.scope = 'send:exception'
            then {{ json_texts('events.payload', ['$.message']) }}[1]
    end as exception_message
from {{ ref('fct_events') }} as events
{{ joined_names('events') }}
