-- Each assignment on each UTC day with an event of it: the first work of the day, or the first
-- news if nobody worked on it, and its context.
{{ rebuilt_by('event_at', touches={'assignment in any source': ['assignment_id']}) }}
with

events as {{ inlined() }} (

    select
        *,
        {{ truncate_to('day', 'event_at') }} as event_day,
        -- News about the assignment is no work on it.
        coalesce(
            scope like '%:assignment' or (source = 'server' and scope like '%:job'), false
        ) as is_news
    from {{ ref('fct_events') }}
    where assignment_id is not null and {{ touched('event_at') }}

),

firsts as (

    select {{ first_by('event_id', ['is_news', 'event_at', 'event_id']) }} as event_id
    from events
    group by assignment_id, event_day

)

select
    event_id,
    is_news,
    {{ dimensions('assignment') }},
    event_at
from events
where event_id in (select firsts.event_id from firsts)
