-- Sittings as far as one UTC day shows them. What goes on over midnight is put together from
-- these few rows.
{{ rebuilt_by('started_at') }}
with

moments as (

    select
        *,
        {{ truncate_to('day', 'started_at') }} as session_day,
        {{ whole_division(epoch_ms('started_at'), [var('session_gap_ms'), 1] | max) }}
            as span_number
    from {{ ref('int_session_moments') }}
    where {{ touched('started_at') }}

),

-- Moments that start within one session gap of each other are of one sitting.
spans as (

    select
        source_system,
        user_id,
        session_day,
        {{ first_by('project_id', ['started_at', 'project_id']) }} as project_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        count(*) as event_count
    from moments
    group by source_system, user_id, session_day, span_number

)

{{ sittings('spans', apart_by=['session_day']) }}
