-- Every setting and clearing of an item's status, source by source. In CVAT a job's state and stage
-- are a status of the assignment, without an item.
{{ rebuilt_by('changed_at', touches={
    'items of an assignment': keyed_dimensions('assignment'), 'item': ['item_id'],
}) }}
with

cvat as (

    select
        event_id as item_status_id,
        'cvat' as source_system,
        object_value as status,
        {{ known_dimensions(
            'work', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
        ) }},
        false as is_cleared,
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where
        scope = 'update:job'
        and object_name in ('state', 'stage')
        and {{ touched('event_at') }}

),

sampled as (

    select
        event_id as item_status_id,
        source_system,
        status,
        {{ dimensions('work') }},
        action = 'delete' as is_cleared,
        started_at as changed_at
    from {{ ref('int_samples') }}
    where event_type = 'item_status' and {{ touched('started_at') }}

)

select * from cvat

union all

select * from sampled
