-- Working time as CVAT reported it. A `send:working_time` row decides for its user from its time
-- on; before, the working time that client rows carry.
{{ rebuilt_by('event_at', users=true) }}
with

events as {{ inlined() }} (

    select * from {{ ref('stg_cvat__events') }}
    where {{ touched('event_at', users=true) }}

),

first_reports as (

    select
        user_id,
        min(first_report_at) as reports_from
    from {{ ref('int_cvat__user_days') }}
    group by user_id

),

server_reports as (

    select
        *,
        event_at as started_at,
        {{ add_ms('event_at', 'duration_ms') }} as ended_at
    from events
    where scope = 'send:working_time'

),

client_reports as (

    select
        events.*,
        {{ add_ms(
            'events.event_at',
            "case when events.scope = 'change:frame' then events.duration_ms else 0 end"
        ) }} as ended_at
    from events
    left join first_reports
        on events.user_id is not distinct from first_reports.user_id
    where
        events.source = 'client'
        and events.working_time_ms is not null
        and (
            first_reports.reports_from is null
            or events.event_at < first_reports.reports_from
        )

),

stretches as (

    select
        event_id,
        event_at,
        source,
        scope,
        user_id,
        org_id,
        project_id,
        task_id,
        assignment_id,
        started_at,
        ended_at
    from server_reports

    union all

    select
        event_id,
        event_at,
        source,
        scope,
        user_id,
        org_id,
        project_id,
        task_id,
        assignment_id,
        {{ add_ms('ended_at', '-working_time_ms') }} as started_at,
        ended_at
    from client_reports

)

select * from stretches
