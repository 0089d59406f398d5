-- Who was active, and when? Everyone with an event in the quarter hour, and for every quarter hour
-- a row without a user, so that it shows when there was nobody.
with

span as (

    select
        {{ truncate_to('quarter_hour', 'min(minute_start)') }} as first_minute,
        max(minute_start) as last_minute
    from {{ ref('fct_events') }}

),

minutes as (

    select {{ buckets_between('minute', 'first_minute', 'last_minute') }} as minute_start
    from span

),

intervals as (

    select
        minute_start,
        {{ truncate_to('quarter_hour', 'minute_start') }} as interval_start
    from minutes

),

active as (

    select
        intervals.interval_start,
        {{ filters() | join(', ') }},
        events.exception_message,
        cast(count(*) as bigint) as event_count
    from {{ ref('all_events') }} as events
    -- By the minute, as events are sorted: of a week no older ones are read.
    inner join intervals
        on events.minute_start = intervals.minute_start
    where events.user_id is not null
    group by all

),

nobody as (

    select
        interval_start,
        {%- for name in filters() + ['exception_message'] %}
            cast(null as varchar) as {{ name }},
        {%- endfor %}
        cast(0 as bigint) as event_count
    from intervals
    where minute_start = interval_start

)

select * from active

union all

select * from nobody
