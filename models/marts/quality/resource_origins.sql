-- Where everything that CVAT's API showed comes from: each copy of a line about a resource, with
-- file and line, the one that counts marked.
with

copies as (

    select * from {{ ref('stg_cvat__resource_copies') }}

),

files as (

    select * from {{ source('lake', 'files') }}

)

select
    copies.event_id as sighting_id,
    copies.resource,
    cast(copies.resource_id as varchar) as resource_id,
    files.load_id,
    files.file_name,
    copies.file_id,
    copies.line_number,
    copies.is_accepted,
    copies.seen_at
from copies
inner join files on copies.file_id = files.file_id
