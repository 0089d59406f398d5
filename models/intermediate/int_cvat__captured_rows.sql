-- What CVAT's browser did and when, of what was captured on the way: also what CVAT does not
-- store. One tab posts a batch, so that all its events are of that tab.
select
    batch_id,
    event_number,
    user_id,
    client_id,
    event_at,
    case
        when scope = 'change:frame'
            then {{ add_ms('event_at', 'least(duration, ' ~ var('idle_cutoff_ms') ~ ')') }}
        else event_at
    end as ended_at,
    {{ truncate_to('day', 'event_at') }} as event_day
from (
    select
        * replace (
            cast(user_id as varchar) as user_id,
            {{ cut_to_ms('event_at') }} as event_at
        ),
        {{ json_texts('payload', ['$.client_id']) }}[1] as client_id
    from {{ ref('stg_cvat__batch_events') }}
)
