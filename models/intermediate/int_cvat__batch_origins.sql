-- Where captured client batches come from: each copy, without what it says.
{{ rebuilt_by('arrived_at') }}
select
    event_id,
    file_id,
    line_number,
    is_accepted,
    arrived_at
from {{ ref('stg_cvat__batch_copies') }}
where {{ touched('arrived_at') }}
