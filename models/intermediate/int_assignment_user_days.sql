-- Each assignment on each UTC day on which somebody worked on it: who, and from when on.
{{ rebuilt_by(
    'first_action_at', touches={'assignment': ['source_system', 'assignment_id']}
) }}
select
    source_system,
    assignment_id,
    user_id,
    min(event_at) as first_action_at
from {{ ref('fct_events') }}
where
    assignment_id is not null
    and user_id is not null
    -- News about the assignment is no work on it.
    and not coalesce(
        scope like '%:assignment' or (source = 'server' and scope like '%:job'), false
    )
    and {{ touched('event_at') }}
group by source_system, assignment_id, user_id, {{ truncate_to('day', 'event_at') }}
