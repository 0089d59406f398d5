-- What CVAT's API showed of its resources, each line once, typed and named.
with

accepted as (

    select * from {{ ref('stg_cvat__resource_copies') }}
    where is_accepted

),

parsed as (

    select
        *,
        {{ json_texts('attributes', [
            '$.name', '$.slug', '$.username', '$.email', '$.first_name', '$.last_name',
            '$.status', '$.stage', '$.state', '$.type', '$.subset', '$.mode', '$.dimension',
            '$.color', '$.organization', '$.project_id', '$.task_id', '$.job', '$.parent_job_id',
            '$.parent_id', '$.owner', '$.assignee', '$.size', '$.frame_count', '$.start_frame',
            '$.stop_frame', '$.frame', '$.is_active', '$.is_staff', '$.resolved',
            '$.created_date', '$.date_joined',
        ]) }} as fields
    from accepted

)

select
    event_id as sighting_id,
    file_id,
    line_number,

    resource,
    server,
    attributes,
    nullif(fields[1], '') as name,
    nullif(fields[2], '') as org_slug,
    nullif(fields[3], '') as user_name,
    nullif(fields[4], '') as user_email,
    nullif(fields[5], '') as first_name,
    nullif(fields[6], '') as last_name,
    nullif(fields[7], '') as status,
    nullif(fields[8], '') as stage,
    nullif(fields[9], '') as state,
    nullif(fields[10], '') as resource_type,
    nullif(fields[11], '') as subset,
    nullif(fields[12], '') as mode,
    nullif(fields[13], '') as dimension,
    nullif(fields[14], '') as color,

    cast(resource_id as varchar) as resource_id,
    fields[15] as org_id,
    fields[16] as project_id,
    fields[17] as task_id,
    fields[18] as assignment_id,
    coalesce(fields[19], fields[20]) as parent_id,
    fields[21] as owner_user_id,
    fields[22] as assignee_user_id,

    {{ whole_number('coalesce(fields[24], fields[23])') }} as frame_count,
    {{ whole_number('fields[25]') }} as start_frame,
    {{ whole_number('fields[26]') }} as stop_frame,
    {{ whole_number('fields[27]') }} as frame_number,

    is_gone,
    try_cast(fields[28] as boolean) as is_active,
    try_cast(fields[29] as boolean) as is_staff,
    try_cast(fields[30] as boolean) as is_resolved,

    {{ cut_to_ms('try_cast(coalesce(fields[31], fields[32]) as timestamp)') }} as created_at,
    seen_at
from parsed
