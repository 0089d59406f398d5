-- What was each pod last doing, and how often had it restarted?
select
    time_granularity,
    period_start,
    {{ dimensions('service') }},
    status,
    restarts_max,
    status as value
from {{ ref('pod_states_by_period') }}
