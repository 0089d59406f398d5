-- Different annotations touched, by hour, day, week and month. A distinct count never adds up
-- over periods, so that each granularity counts for itself.
{{ rebuilt_by('period_start', days='buckets') }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ counted_in_buckets(annotations_family(), granularity, ['work_key']) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
