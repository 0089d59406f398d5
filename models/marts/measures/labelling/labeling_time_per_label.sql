-- How long did annotating each label take?
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    label,
    cast(sum(duration_ms) as bigint) as duration_ms,
    cast(sum(duration_ms) as bigint) as value
from {{ ref('label_actions_by_period') }}
group by all
having sum(duration_ms) > 0
