-- Actions on annotations, by label, by hour, day, week and month.
{{ rebuilt_by('placed_at', days='periods', contexts=rollup_key(label_actions_family())) }}
{{ shared_by_periods(label_actions_family()) }}
