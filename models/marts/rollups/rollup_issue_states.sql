-- Issues by their state at the end of each hour, day, week and month in which it changed.
{% set lives = {'issues of a context': 'issue_context_key'} %}
{{ rebuilt_by_life(lives) }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ state_at_period_ends(
        'issue_state_deltas', granularity, key='issue_context_key', lives=lives
    ) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
