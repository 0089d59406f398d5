-- How long did executions take?
select
    time_granularity,
    period_start,
    {{ dimensions('function') }},
    cast(sum(change_count) as bigint) as execution_count,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(min(duration_ms_min) as bigint) as duration_ms_min,
    cast(max(duration_ms_max) as bigint) as duration_ms_max,
    cast(sum(duration_ms) / sum(change_count) as double) as value
from {{ ref('executions_by_period') }}
where is_finished
group by all
