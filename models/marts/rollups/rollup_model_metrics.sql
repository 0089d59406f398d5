-- The last value of each point of a model's metrics, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ counted_anew(model_metrics_family(), context=dimension_names('model')) }}
