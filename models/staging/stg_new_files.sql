-- The landed files that no whole build has seen yet.
select
    files.file_id,
    files.source
from {{ source('lake', 'files') }} as files
inner join {{ loads_built() }} as loads
    on files.load_id = loads.load_id
where not loads.is_built
