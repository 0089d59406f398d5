-- One row for each sitting: it ends where nothing follows within the session gap.
with

moments as (

    select
        *,
        max(ended_at) over (
            partition by source_system, user_id
            order by started_at, ended_at, event_id
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from {{ ref('int_session_moments') }}

),

numbered as (

    select
        *,
        sum(case
            when
                {{ epoch_ms('started_at') }} - {{ epoch_ms('busy_until') }}
                <= {{ var('session_gap_ms') }} then 0
            else 1
        end) over (
            partition by source_system, user_id
            order by started_at, ended_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from moments

),

sessions as (

    select
        source_system,
        user_id,
        session_number,
        min(started_at) as session_started_at,
        max(ended_at) as session_ended_at,
        count(*) as event_count
    from numbered
    group by source_system, user_id, session_number

)

select
    {{ hash_key(['source_system', 'user_id', 'session_started_at']) }} as session_id,
    source_system,
    user_id,
    event_count,
    cast(
        {{ epoch_ms('session_ended_at') }} - {{ epoch_ms('session_started_at') }} as bigint
    ) as duration_ms,
    session_started_at as started_at,
    session_ended_at as ended_at
from sessions
