-- Different annotations created or updated, by label, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ counted_anew(label_annotations_family()) }}
