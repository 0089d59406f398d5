-- The stages of a job hold its whole active time, no more and no less.
{{ config(meta={'dagster': {'ref': {'name': 'job_stages'}}}) }}
with

stages as (

    select
        assignment_id,
        sum(working_ms) as staged_ms
    from {{ ref('job_stages') }}
    group by assignment_id

),

measured as (

    select
        assignment_id,
        sum(active_ms) as measured_ms
    from {{ ref('assignment_stats_active_time') }}
    where time_granularity = 'month'
    group by assignment_id

)

select
    stages.assignment_id,
    stages.staged_ms,
    measured.measured_ms
from stages
left join measured on stages.assignment_id = measured.assignment_id
where stages.staged_ms <> coalesce(measured.measured_ms, 0)
