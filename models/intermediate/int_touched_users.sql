-- Beside the touched days: the spans of single users whose time may be another one now, because
-- what they did on a touched day reaches over its edge. A span without an end is a user's whole
-- time.
{% set cutoff = var('idle_cutoff_ms') %}

with

touched_days as (

    select * from {{ ref('stg_touched_days') }}

),

user_days as (

    select
        user_days.*,
        {{ add_units('user_days.event_day', 'day') }} as next_day,
        touched_days.event_day is not null as is_touched
    from {{ ref('int_cvat__user_days') }} as user_days
    left join touched_days on user_days.event_day = touched_days.event_day

),

worked_days as (

    select
        *,
        last_client_at >= {{ add_ms('next_day', -2 * cutoff) }} as runs_late,
        lag(event_day) over by_day as previous_day,
        lag(last_client_at) over by_day as previous_client_at,
        max(case when not is_touched then event_day end) over (
            partition by user_id
        ) as last_untouched_day
    from user_days
    where first_client_at is not null
    window by_day as (partition by user_id order by event_day)

),

-- Idle time after a user's last row is known once another row follows, and shorter if it
-- follows soon.
idle_before as (

    select
        user_id,
        previous_day as starts_at,
        case
            when previous_client_at >= {{ add_ms(add_units('previous_day', 'day'), -2 * cutoff) }}
                then {{ add_units('previous_day', 'day', 2) }}
            else {{ add_units('previous_day', 'day') }}
        end as ends_at
    from worked_days
    where
        is_touched
        and (
            last_untouched_day is null
            or last_untouched_day <= previous_day
            or first_client_at < {{ add_ms(add_units('previous_day', 'day'), 2 * cutoff) }}
        )

),

-- The clock runs on past midnight.
clocks_running_on as (

    select
        user_id,
        next_day as starts_at,
        {{ add_units('next_day', 'day') }} as ends_at
    from worked_days
    where is_touched and runs_late

),

-- Client rows report time that has passed.
reported_elsewhere as (

    select
        user_id,
        {{ truncate_to('day', 'reported_from_first') }} as starts_at,
        {{ add_units(truncate_to('day', 'reported_from_last'), 'day') }} as ends_at
    from worked_days
    where
        is_touched
        and (reported_from_first < event_day or reported_from_last >= next_day)

),

-- From the first `send:working_time` on, the reports of client rows no longer count.
first_reports as (

    select
        user_id,
        min(first_report_at) as first_report_at
    from user_days
    group by user_id

),

new_reports as (

    select
        user_id,
        min(event_at) as first_report_at
    from {{ ref('stg_cvat__event_copies') }}
    where
        scope = 'send:working_time'
        and {{ 'true' if should_full_refresh() else in_spans('event_at', touched_spans()) }}
        and file_id in (
            select new_files.file_id from {{ ref('stg_new_files') }} as new_files
        )
    group by user_id

),

reporters as (

    select
        new_reports.user_id,
        cast('1000-01-01' as timestamp) as starts_at,
        cast('9000-01-01' as timestamp) as ends_at
    from new_reports
    inner join first_reports
        on
            new_reports.user_id is not distinct from first_reports.user_id
            and new_reports.first_report_at <= first_reports.first_report_at

),

spans as (

    select * from idle_before

    union distinct

    select * from clocks_running_on

    union distinct

    select * from reported_elsewhere

    union distinct

    select * from reporters

)

select * from spans
where starts_at is not null
