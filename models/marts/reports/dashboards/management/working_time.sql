-- How long did people work, on what? Counted time by quarter hour, each stretch cut at its edges.
with

pieces as (

    {{ stretch_pieces(activity_family(), 'quarter_hour', [
        'source_system', 'source', 'scope', 'method', 'activity_status',
        'user_id', 'project_id', 'task_id', 'assignment_id', 'org_id',
    ]) }}

),

sums as (

    select
        period_start as interval_start,
        source_system,
        source,
        scope,
        method,
        user_id,
        project_id,
        task_id,
        assignment_id,
        org_id,
        cast(sum(case when activity_status = 'active' then duration_ms else 0 end) as bigint)
            as active_ms,
        cast(sum(case when activity_status = 'idle' then duration_ms else 0 end) as bigint)
            as idle_ms,
        -- A stretch counts where it starts, however many pieces it has.
        cast(
            count(case when activity_status = 'active' and started_at >= period_start then 1 end)
            as bigint
        ) as activity_count
    from pieces
    group by all

)

select
    sums.interval_start,
    {{ named_filters('sums') }},
    sums.method,
    sums.active_ms,
    sums.idle_ms,
    sums.activity_count
from sums
{{ joined_names('sums') }}
