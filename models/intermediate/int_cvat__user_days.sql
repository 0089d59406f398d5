-- Each user and UTC day on which CVAT's clock may have run: the first and last client row, the
-- first report, and where the time starts that client rows report. What spans days is put
-- together from these few rows.
{{ rebuilt_by('event_day') }}
with

events as (

    select
        *,
        {{ truncate_to('day', 'event_at') }} as event_day,
        case
            when source = 'client'
                then {{ add_ms(
                    'event_at',
                    "case when scope = 'change:frame' then duration_ms else 0 end"
                    ~ ' - working_time_ms'
                ) }}
        end as reported_from
    from {{ ref('stg_cvat__events') }}
    where {{ touched('event_at') }}

)

select
    user_id,
    event_day,
    min(case when source = 'client' then event_at end) as first_client_at,
    max(case when source = 'client' then event_at end) as last_client_at,
    min(case when scope = 'send:working_time' then event_at end) as first_report_at,
    min(reported_from) as reported_from_first,
    max(reported_from) as reported_from_last
from events
where source = 'client' or scope = 'send:working_time'
group by user_id, event_day
