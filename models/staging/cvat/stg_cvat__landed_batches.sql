-- Captured client batches as they landed, with the time that places each, and by how much the
-- browser's clock was behind the server's.
select
    *,
    coalesce(
        {{ epoch_us('received_at') }} - {{ epoch_us('sent_at') }}, 0
    ) as clock_correction_us,
    -- A batch without any time of its own stands where time begins.
    coalesce(
        received_at, sent_at, events[1].timestamp, {{ from_epoch_us('0') }}
    ) as arrived_at
from {{ source('lake', 'cvat_client_batches') }}
