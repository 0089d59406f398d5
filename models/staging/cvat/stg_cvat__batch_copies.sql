-- Every copy of every captured client batch.
{{ rebuilt_by('arrived_at') }}
with

landed as (

    select * from {{ ref('stg_cvat__landed_batches') }}
    where {{ touched('arrived_at') }}

)

{{ with_copies(
    'landed',
    content=[
        'received_at', 'sent_at', 'user_id', 'user_name', 'user_email',
        'org_id', 'org_slug', 'previous_event', 'events',
    ],
    position='line_number',
) }}
