-- How long each step of an issue took, where it ended: its raising, correction, approval and end.
with

changes as (

    select * from {{ ref('fct_issue_changes') }}

),

cycles as (

    select * from {{ ref('fct_issue_cycles') }}

),

contexts as (

    select * from {{ ref('dim_work_contexts') }}

),

steps as (

    select
        'correction' as step,
        work_key,
        correction_ms as duration_ms,
        changed_at as measured_at
    from changes
    where correction_ms is not null

    union all

    select
        'approval' as step,
        work_key,
        approval_ms as duration_ms,
        changed_at as measured_at
    from changes
    where approval_ms is not null

    union all

    select
        'raise' as step,
        work_key,
        raise_ms as duration_ms,
        opened_at as measured_at
    from cycles
    where raise_ms is not null

    union all

    select
        'resolve' as step,
        ended_work_key as work_key,
        resolve_ms as duration_ms,
        ended_at as measured_at
    from cycles
    where resolve_ms is not null

)

select
    steps.step,
    {{ dimensions('work', 'contexts') }},
    steps.work_key,
    steps.duration_ms,
    steps.measured_at
from steps
inner join contexts on steps.work_key = contexts.work_key
