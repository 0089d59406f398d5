-- Every change in the life of an assignment: created, assigned, done, reopened.
{{ rebuilt_by('changed_at', touches={'assignment in any source': ['assignment_id']}) }}
with

cvat as (

    select
        event_id as assignment_change_id,
        'cvat' as source_system,
        case
            when scope = 'create:job' then 'created'
            when object_name = 'assignee' and object_value <> 'None' then 'assigned'
            when object_name = 'state' and object_value = 'completed' then 'done'
            when object_name = 'state' and old_value = 'completed' then 'reopened'
        end as action,
        case
            when object_name = 'assignee'
                then {{ captured_group('object_value', "''id'': ([0-9]+)") }}
        end as annotator,
        {{ known_dimensions(
            'work', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
        ) }},
        cast(null as bigint) as total_items,
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where scope in ('create:job', 'update:job') and {{ touched('event_at') }}

),

sampled as (

    select
        event_id as assignment_change_id,
        source_system,
        action,
        annotator,
        {{ dimensions('work') }},
        total_items,
        started_at as changed_at
    from {{ ref('int_samples') }}
    where event_type = 'assignment' and {{ touched('started_at') }}

)

select * from cvat
where action is not null and assignment_id is not null

union all

select * from sampled
where assignment_id is not null
