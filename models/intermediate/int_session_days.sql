-- Sittings as far as one UTC day shows them. What goes on over midnight is put together from
-- these few rows.
{{ rebuilt_by('started_at') }}
with

moments as (

    select * from {{ ref('int_session_moments') }}
    where {{ touched('started_at') }}

)

{{ sittings('moments', event_count='count(*)', apart_by_day=true) }}
