-- How long did executions take at each node of a pipeline?
select
    time_granularity,
    period_start,
    {{ dimensions('pipeline') }},
    cast(sum(change_count) as bigint) as execution_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) / sum(change_count) as double) as value
from {{ ref('executions_by_period') }}
where
    is_finished
    and node_id is not null
group by all
