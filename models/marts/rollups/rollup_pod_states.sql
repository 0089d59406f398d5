-- What each pod was last doing, and what waited for it, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ counted_in_buckets(pod_states_family(), granularity, ['service_key']) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
