-- Items of an assignment by their status at the end of each hour, day, week and month in which it
-- changed.
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ state_at_period_ends('item_state_deltas', granularity, key='assignment_key') }}
    {{ 'union all' if not loop.last }}
{% endfor %}
