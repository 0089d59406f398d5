-- Every row that left quarantine: what was wrong with it, and which file holds it mended.
with

bad as (

    select * from {{ source('lake', 'quarantine') }}

),

mended as (

    select * from {{ source('lake', 'mended') }}

),

files as (

    select * from {{ source('lake', 'files') }}

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
    mended.file_id as mended_by_file_id,
    mended.load_id as mended_by_load_id,
    files.file_name as mended_by_file_name,
    mended.line_number as mended_by_line_number,
    bad.landed_at,
    mended.mended_at
from mended
inner join bad on mended.quarantine_number = bad.quarantine_number
inner join files on mended.file_id = files.file_id
