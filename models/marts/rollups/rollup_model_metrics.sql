-- The last value of each point of a model's metrics, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ counted_in_buckets(model_metrics_family(), granularity, dimension_names('model')) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
