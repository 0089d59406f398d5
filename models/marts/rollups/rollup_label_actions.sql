-- Actions on annotations, by label, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ rolled_up(label_actions_family()) }}
