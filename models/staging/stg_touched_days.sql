-- The UTC days on which new files have rows, and those that whoever builds asked for: what this
-- build makes anew.
{% set asked = asked_days() %}

with

new_files as (

    select * from {{ ref('stg_new_files') }}

),

new_batches as (

    select batches.*
    from {{ ref('stg_cvat__landed_batches') }} as batches
    inner join new_files on batches.file_id = new_files.file_id

),

sent_events as (

    select
        clock_correction_us,
        {{ unnested('events', 'event', 'event_number') }}
    from new_batches

),

instants as (

    select events.timestamp as touched_at
    from {{ source('lake', 'cvat_events') }} as events
    inner join new_files on events.file_id = new_files.file_id

    union all

    select arrived_at as touched_at
    from new_batches

    union all

    select
        {{ from_epoch_us(epoch_us('event.timestamp') ~ ' + clock_correction_us') }} as touched_at
    from sent_events

    union all

    select samples.started_at as touched_at
    from {{ source('lake', 'platform_samples') }} as samples
    inner join new_files on samples.file_id = new_files.file_id
    {% if asked %}

        union all

        select {{ each_of(series(asked.first, asked.last, 'day')) }} as touched_at
    {% endif %}

)

select distinct {{ truncate_to('day', 'touched_at') }} as event_day
from instants
