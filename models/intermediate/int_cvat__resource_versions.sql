-- Each resource as CVAT's API showed it, one row from each change to the next: a function of what
-- pulls landed, whenever it is built.
with

-- At one instant the larger text counts, as of all states, and being gone before all of them.
seen as (

    select * from {{ ref('stg_cvat__resources') }}
    qualify row_number() over (
        partition by resource, resource_id, seen_at
        order by is_gone desc, attributes desc
    ) = 1

),

compared as (

    select
        *,
        lag(attributes) over (
            partition by resource, resource_id order by seen_at
        ) as attributes_before
    from seen

),

-- Of a resource that is gone there are no attributes.
changes as (

    select
        *,
        lead(seen_at) over (
            partition by resource, resource_id order by seen_at
        ) as changed_at
    from compared
    where attributes is distinct from attributes_before

),

versions as (

    select
        *,
        row_number() over (
            partition by resource, resource_id order by seen_at desc
        ) = 1 as is_latest
    from changes
    where not is_gone

)

select
    sighting_id,

    resource,
    name,
    org_slug,
    user_name,
    user_email,
    first_name,
    last_name,
    status,
    stage,
    state,
    resource_type,
    subset,
    mode,
    dimension,
    color,

    resource_id,
    org_id,
    project_id,
    task_id,
    assignment_id,
    parent_id,
    owner_user_id,
    assignee_user_id,

    frame_count,
    start_frame,
    stop_frame,
    frame_number,

    is_active,
    is_staff,
    is_resolved,
    is_latest,

    created_at,
    seen_at as valid_from,
    changed_at as valid_to,
    case when is_latest then changed_at end as deleted_at
from versions
