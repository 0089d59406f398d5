-- Captured client batches, each once, moved from the browser's clock to the server's as CVAT
-- does.
with

batches as (

    select
        *,
        coalesce(
            {{ epoch_us('received_at') }} - {{ epoch_us('sent_at') }}, 0
        ) as clock_correction_us
    from {{ ref('stg_cvat__batch_copies') }}
    where is_accepted

)

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
    received_at
from batches
