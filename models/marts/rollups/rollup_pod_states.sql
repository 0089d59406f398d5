-- What each pod was last doing, and what waited for it, by hour, day, week and month.
{{ rebuilt_by('placed_at', days='periods', contexts='service_key') }}
{{ shared_by_periods(pod_states_family()) }}
