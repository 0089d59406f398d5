-- Issues by their state at the end of each period in which it changed, at all six granularities.
with

states as (

    {% for granularity in ['second', 'minute'] %}
        {{ state_at_period_ends('issue_state_deltas', granularity, key='issue_context_key') }}

        union all

    {% endfor %}
    select * from {{ ref('rollup_issue_states') }}

)

select
    states.time_granularity,
    states.period_start,
    {{ dimensions('work', 'contexts') }},
    states.status,
    states.state_count as issue_count
from states
inner join {{ ref('issue_contexts') }} as contexts
    on states.issue_context_key = contexts.issue_context_key
