-- Settings of statuses by hour, day, week and month.
{{ rebuilt_by('placed_at', days='periods', contexts='work_key') }}
{{ shared_by_periods(item_statuses_family()) }}
