-- One row for each sitting: it ends where nothing follows within the session gap.
with

days as (

    select * from {{ ref('int_session_days') }}

),

sessions as (

    {{ sittings('days') }}

)

select
    {{ hash_key(['source_system', 'user_id', 'started_at']) }} as session_id,
    source_system,
    user_id,
    project_id,
    event_count,
    cast({{ epoch_ms('ended_at') }} - {{ epoch_ms('started_at') }} as bigint) as duration_ms,
    started_at,
    ended_at
from sessions
