-- Items of an assignment by their status at the end of each hour, day, week and month in which it
-- changed.
{% set lives = {'items of an assignment': 'assignment_key'} %}
{{ rebuilt_by_life(lives) }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ state_at_period_ends('item_state_deltas', granularity, key='assignment_key', lives=lives) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
