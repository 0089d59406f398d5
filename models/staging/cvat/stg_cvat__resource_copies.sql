-- Every copy of every line about a resource of CVAT: what its API showed of it, and when.
with

landed as {{ inlined() }} (

    select * from {{ source('lake', 'cvat_resources') }}

)

{{ with_copies(
    'landed',
    content=[
        'resource', 'resource_id', 'seen_at', 'is_gone', 'server', 'organization', 'attributes',
    ],
    position='line_number',
) }}
