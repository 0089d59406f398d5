-- Per landed file: landed = accepted + duplicates + quarantined.
select *
from {{ ref('load_audit') }}
where landed <> accepted + duplicates + quarantined
