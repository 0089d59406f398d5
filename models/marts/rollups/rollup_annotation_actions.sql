-- Actions on annotations by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ rolled_up(annotation_actions_family()) }}
