-- Where every event comes from: each copy of it with file and line, the one that counts marked.
with

copies as (

    select
        event_id,
        file_id,
        line_number,
        line_position,
        is_accepted
    from {{ ref('stg_cvat__event_copies') }}

    union all

    select
        event_id,
        file_id,
        line_number,
        1 as line_position,
        is_accepted
    from {{ ref('stg_cvat__batch_copies') }}

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        is_accepted
    from {{ ref('stg_platform__sample_copies') }}

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
    copies.is_accepted
from copies
inner join files on copies.file_id = files.file_id
