-- What each pod was last doing, and what waited for it, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ counted_in_buckets(pod_states_family(), granularity, dimension_names('service')) }}

    union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {{ dimensions('service', 'contexts') }},
    rollup.status,
    rollup.restarts_max,
    rollup.sample_count,
    rollup.queue_sum,
    rollup.queue_min,
    rollup.queue_max,
    rollup.queue_last,
    rollup.has_run
from {{ ref('rollup_pod_states') }} as rollup
inner join {{ ref('dim_service_contexts') }} as contexts
    on rollup.service_key = contexts.service_key
