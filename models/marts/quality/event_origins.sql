-- Where every event comes from: each copy of it with file and line, the one that counts marked.
{{ config(materialized='view') }}
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

    union all

    select
        event_id,
        file_id,
        line_number,
        1 as line_position,
        is_accepted,
        arrived_at as happened_at
    from {{ ref('int_cvat__batch_origins') }}

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        is_accepted,
        started_at as happened_at
    from {{ ref('int_sample_copies') }}

),

files as (

    select * from {{ ref('load_audit') }}

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
