-- Who is active now? Everyone with an event in the last 15 minutes that the warehouse knows of.
with

newest as (

    select max(event_at) as as_of
    from {{ ref('fct_events') }}

)

select
    (select newest.as_of from newest) as as_of,
    {{ filters() | join(', ') }},
    exception_message,
    cast(count(*) as bigint) as event_count,
    max(event_at) as last_event_at
from {{ ref('all_events') }}
where
    user_id is not null
    -- A single value, which lets the engine skip all that is older.
    and event_at > (select {{ add_units('newest.as_of', 'minute', -15) }} from newest)
group by all
