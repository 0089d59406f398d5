-- Actions on annotations by hour, day, week and month.
{{ rebuilt_by('placed_at', days='periods', contexts=rollup_key(annotation_actions_family())) }}
{{ shared_by_periods(annotation_actions_family()) }}
