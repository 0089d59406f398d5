-- Every change of an execution's status; a finished one carries how long it took.
{{ rebuilt_by('changed_at') }}
with

cvat as (

    select
        event_id as execution_change_id,
        'cvat' as source_system,
        'created' as status,
        function_id as function_name,
        {{ known_dimensions('function', known=['user_id', 'org_id', 'project_id']) }},
        cast(null as bigint) as duration_ms,
        event_at as changed_at
    from {{ ref('stg_cvat__events') }}
    where scope = 'call:function' and {{ touched('event_at') }}

),

sampled as (

    select
        event_id as execution_change_id,
        source_system,
        status,
        function_name,
        {{ dimensions('function') }},
        duration_ms,
        started_at as changed_at
    from {{ ref('int_samples') }}
    where event_type = 'execution' and {{ touched('started_at') }}

),

changes as (

    select * from cvat

    union all

    select * from sampled

)

select
    *,
    coalesce(status in (
        'success', 'failed', 'canceled', 'aborted', 'terminated', 'system-failure'
    ), false) and duration_ms is not null as is_finished,
    {{ truncate_to('minute', 'changed_at') }} as minute_start
from changes
