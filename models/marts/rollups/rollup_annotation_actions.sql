-- Actions on annotations by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ rolled_up(annotation_actions_family()) }}
