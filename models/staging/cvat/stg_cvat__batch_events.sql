-- The events of captured client batches in the order sent, in CVAT's own columns.
with

batches as (

    select * from {{ ref('stg_cvat__batches') }}

),

events as (

    select
        *,
        {{ unnested('events', 'event', 'event_number') }}
    from batches

)

select
    batch_id,
    event_number,
    arrived_at,
    file_id,
    line_number,

    event.scope,
    event.obj_name,
    event.obj_id,
    event.obj_val,
    event.payload,
    user_name,
    user_email,
    org_slug,

    cast(user_id as bigint) as user_id,
    cast(org_id as bigint) as org_id,
    event.project_id,
    event.task_id,
    event.job_id,

    event.count,
    coalesce(event.duration, 0) as duration,

    {{ from_epoch_us(epoch_us('event.timestamp') ~ ' + clock_correction_us') }} as event_at
from events
