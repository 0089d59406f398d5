-- Actions on annotations, by label, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ rolled_up(label_actions_family()) }}
