-- One row for each landed file: landed = accepted + duplicates + quarantined. What was mended
-- since stays among the quarantined: the mended row is a row of the file that holds it.
with

files as (

    select * from {{ source('lake', 'files') }}

),

counted as (

    select
        source,
        file_id,
        sum(accepted) as accepted,
        sum(duplicates) as duplicates
    from {{ ref('int_copies_days') }}
    group by source, file_id

    union all

    -- What CVAT's API showed belongs to no event day.
    select
        'cvat_resources' as source,
        file_id,
        sum(cast(is_accepted as integer)) as accepted,
        sum(cast(not is_accepted as integer)) as duplicates
    from {{ ref('stg_cvat__resource_copies') }}
    group by file_id

),

-- Of the quarantined units, those that another file holds mended.
mended as (

    select
        bad.file_id,
        count(*) as units
    from {{ source('lake', 'quarantine') }} as bad
    inner join {{ source('lake', 'mended') }} as mendings
        on bad.quarantine_number = mendings.quarantine_number
    where bad.unit <> 'batch_event'
    group by bad.file_id

)

select
    files.file_id,
    files.load_id,
    files.file_name,
    files.file_path,
    files.source,
    files.format,
    files.byte_count,
    files.landed_count as landed,
    cast(coalesce(counted.accepted, 0) as bigint) as accepted,
    cast(coalesce(counted.duplicates, 0) as bigint) as duplicates,
    files.quarantined_count as quarantined,
    cast(coalesce(mended.units, 0) as bigint) as mended,
    files.landed_at
from files
left join counted
    on files.source = counted.source and files.file_id = counted.file_id
left join mended on files.file_id = mended.file_id
