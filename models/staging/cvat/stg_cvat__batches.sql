-- Captured client batches, each once, moved from the browser's clock to the server's as CVAT
-- does.
select
    event_id as batch_id,
    file_id,
    line_number,

    user_name,
    user_email,
    org_slug,

    cast(user_id as varchar) as user_id,
    cast(org_id as varchar) as org_id,

    clock_correction_us,
    previous_event,
    events,

    sent_at,
    received_at,
    arrived_at
from {{ ref('stg_cvat__batch_copies') }}
where is_accepted
