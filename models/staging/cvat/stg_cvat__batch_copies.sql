-- Every copy of every captured client batch.
with

landed as (

    select * from {{ source('lake', 'cvat_client_batches') }}

)

{{ with_copies(
    'landed',
    content=[
        'received_at', 'sent_at', 'user_id', 'user_name', 'user_email',
        'org_id', 'org_slug', 'previous_event', 'events',
    ],
    position='line_number',
) }}
