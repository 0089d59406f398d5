-- Every row that could not be understood, with its raw text and the reason.
select
    file_id,
    load_id,
    file_name,
    line_number,
    unit,
    reason,
    detail,
    raw_text,
    landed_at
from {{ source('lake', 'quarantine') }}
