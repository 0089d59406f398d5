-- How long each step of an issue took, where it ended: its raising, correction, approval and end. A
-- table: issues are few, and what joins them is planned with every question about them.
{{ config(materialized='table') }}
with

changes as (

    select * from {{ ref('fct_issue_changes') }}

),

cycles as (

    select * from {{ ref('fct_issue_cycles') }}

),

steps as (

    select
        'correction' as step,
        issue_change_id,
        correction_ms as duration_ms
    from changes
    where correction_ms is not null

    union all

    select
        'approval' as step,
        issue_change_id,
        approval_ms as duration_ms
    from changes
    where approval_ms is not null

    union all

    select
        'raise' as step,
        issue_cycle_id as issue_change_id,
        raise_ms as duration_ms
    from cycles
    where raise_ms is not null

    union all

    select
        'resolve' as step,
        ended_change_id as issue_change_id,
        resolve_ms as duration_ms
    from cycles
    where resolve_ms is not null

)

select
    steps.step,
    steps.issue_change_id,
    {{ dimensions('work', 'changes') }},
    steps.duration_ms,
    changes.changed_at as measured_at
from steps
inner join changes on steps.issue_change_id = changes.issue_change_id
