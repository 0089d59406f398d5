-- How many pods of a service ran? Count distinct pod_id over any slice of the rows.
select
    time_granularity,
    period_start,
    {{ dimensions('service') }},
    cast(count(distinct pod_id) as bigint) as replica_count,
    cast(count(distinct pod_id) as bigint) as value
from {{ ref('pod_states_by_period') }}
where has_run and pod_id is not null
group by all
