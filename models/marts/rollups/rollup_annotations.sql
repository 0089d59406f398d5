-- Different annotations touched, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ counted_anew(annotations_family()) }}
