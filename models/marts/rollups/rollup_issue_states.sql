-- Issues by their state at the end of each hour, day, week and month in which it changed.
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ state_at_period_ends('issue_state_deltas', granularity, key='issue_context_key') }}
    {{ 'union all' if not loop.last }}
{% endfor %}
