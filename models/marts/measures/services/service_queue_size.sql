-- How much waited in the queue of a service?
select
    time_granularity,
    period_start,
    {{ dimensions('service') }},
    sample_count,
    queue_sum,
    queue_min,
    queue_max,
    queue_last,
    cast(queue_sum / sample_count as double) as value
from {{ ref('pod_states_by_period') }}
where sample_count > 0
