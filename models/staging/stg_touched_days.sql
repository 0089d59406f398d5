-- The UTC days on which new files have rows, and those that whoever builds asked for: what this
-- build makes anew.
{% set asked = asked_days() %}
{% set instants_of_rows = {
    'cvat_events': ['timestamp'],
    'platform_samples': ['started_at'],
    'appraise': ['opened_at', 'saved_at'],
    'zooniverse': ['opened_at', 'saved_at'],
} %}

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

    {% for relation, names in instants_of_rows.items() %}
        {% for name in names %}
            select landed.{{ name }} as touched_at
            from {{ source('lake', relation) }} as landed
            inner join new_files on landed.file_id = new_files.file_id

            union all
        {% endfor %}
    {% endfor %}

    select arrived_at as touched_at
    from new_batches

    union all

    select
        {{ from_epoch_us(epoch_us('event.timestamp') ~ ' + clock_correction_us') }} as touched_at
    from sent_events
    {% if asked %}

        union all

        select {{ each_of(series(asked.first, asked.last, 'day')) }} as touched_at
    {% endif %}

)

select distinct {{ truncate_to('day', 'touched_at') }} as event_day
from instants
