-- What CVAT's browser did and when: each client row from its start to its end, with the item
-- that it opened.
select
    event_id,
    scope,
    client_id,
    event_at,
    user_id,
    org_id,
    project_id,
    task_id,
    assignment_id,
    -- A frame that took longer to change than the cutoff was not waited for.
    case
        when scope = 'change:frame'
            then {{ add_ms(
                'event_at',
                'least(duration_ms, ' ~ var('idle_cutoff_ms') ~ ')'
            ) }}
        else event_at
    end as ended_at,
    case
        when scope = 'change:frame' and assignment_id is not null
            then task_id || ':' || cast(frame_to as varchar)
    end as opened_item_id,
    {{ truncate_to('day', 'event_at') }} as event_day
from {{ ref('stg_cvat__events') }}
where source = 'client'
