-- Every row that could not be understood and is not mended yet, with its raw text and the reason.
with

bad as (

    select * from {{ source('lake', 'quarantine') }}

),

mended as (

    select * from {{ source('lake', 'mended') }}

)

select
    bad.quarantine_number,
    bad.file_id,
    bad.load_id,
    bad.file_name,
    bad.line_number,
    bad.line_position,
    bad.unit,
    bad.reason,
    bad.detail,
    bad.raw_text,
    bad.landed_at
from bad
where
    not exists (
        select 1
        from mended
        where mended.quarantine_number = bad.quarantine_number
    )
