-- Where every event comes from: each copy of it with file and line, the one that counts marked.
{{ rebuilt_by('happened_at') }}
with

copies as (

    select
        event_id,
        file_id,
        line_number,
        line_position,
        is_accepted,
        event_at as happened_at
    from {{ ref('stg_cvat__event_copies') }}
    where {{ touched('event_at') }}

    union all

    select
        event_id,
        file_id,
        line_number,
        1 as line_position,
        is_accepted,
        arrived_at as happened_at
    from {{ ref('stg_cvat__batch_copies') }}
    where {{ touched('arrived_at') }}

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        is_accepted,
        started_at as happened_at
    from {{ ref('int_sample_copies') }}
    where {{ touched('started_at') }}

),

files as (

    select * from {{ source('lake', 'files') }}

)

select
    copies.event_id,
    files.load_id,
    files.file_name,
    copies.file_id,
    copies.line_number,
    copies.line_position,
    copies.is_accepted,
    copies.happened_at
from copies
inner join files on copies.file_id = files.file_id
