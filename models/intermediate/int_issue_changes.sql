-- Every change of an issue's state, source by source.
{{ rebuilt_by('changed_at', touches={'issue': ["coalesce(issue_id, '')"]}) }}
with

cvat as (

    select
        event_id as issue_change_id,
        'cvat' as source_system,
        case
            when scope = 'delete:issue' then 'cleared'
            when scope = 'update:issue' and object_value = 'True' then 'approved'
            else 'issue'
        end as status,
        cast(null as varchar) as label,
        cast(null as varchar) as annotator,
        object_id as issue_id,
        cast(null as varchar) as annotation_id,
        {{ known_dimensions(
            'work', known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id']
        ) }},
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where
        (
            scope in ('create:issue', 'delete:issue')
            or (scope = 'update:issue' and object_name = 'resolved')
        )
        and {{ touched('event_at') }}

),

sampled as (

    select
        event_id as issue_change_id,
        source_system,
        action as status,
        label,
        annotator,
        issue_id,
        annotation_id,
        {{ dimensions('work') }},
        started_at as changed_at
    from {{ ref('int_samples') }}
    where event_type = 'issue' and {{ touched('started_at') }}

)

select * from cvat

union all

select * from sampled
