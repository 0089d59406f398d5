-- Different annotations created or updated, by label, by hour, day, week and month. A distinct
-- count never adds up over periods, so that each granularity counts for itself.
{{ rebuilt_by('period_start', days='buckets') }}
{% for granularity in ['hour', 'day', 'week', 'month'] %}
    {{ distinct_annotations(
        granularity,
        ['work_key', 'label'],
        where="action in ('created', 'updated')",
    ) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
