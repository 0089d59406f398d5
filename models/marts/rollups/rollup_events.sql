-- Events of users by minute, hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ rolled_up(events_family()) }}
