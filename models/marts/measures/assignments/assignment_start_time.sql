-- When did work on each assignment start?
with

assignment_starts as (

    {% for granularity in granularities() %}
        {{ counted_in_buckets(
            assignment_starts_family(), granularity, dimension_names('assignment')
        ) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    time_granularity,
    period_start,
    {{ dimensions('assignment') }},
    start_time,
    start_time as value
from assignment_starts
