-- How many items took how long to annotate, by hour, day, week and month: no item adds up over
-- periods, since it may then lie in another bucket of time.
{{ rebuilt_by('period_start', days='buckets') }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    select * from {{ ref('item_times') }}
    where time_granularity = '{{ granularity }}' and {{ touched_in(granularity, 'period_start') }}
    {{ 'union all' if not loop.last }}
{% endfor %}
