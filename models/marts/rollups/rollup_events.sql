-- Events of users by minute, hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts=rollup_key(events_family())) }}
{{ rolled_up(events_family()) }}
