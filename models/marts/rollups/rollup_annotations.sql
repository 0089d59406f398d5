-- Different annotations touched, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ counted_anew(annotations_family()) }}
