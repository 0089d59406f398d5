-- What each pod was last doing, and what waited for it, by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='service_key') }}
{{ counted_anew(pod_states_family()) }}
