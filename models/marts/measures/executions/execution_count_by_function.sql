-- How often was each function executed?
select
    time_granularity,
    period_start,
    {{ dimensions('function') }},
    function_name,
    cast(sum(change_count) as bigint) as execution_count,
    cast(sum(change_count) as bigint) as value
from {{ ref('executions_by_period') }}
where status = 'created'
group by all
