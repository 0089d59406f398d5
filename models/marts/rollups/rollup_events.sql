-- Events of users by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ rolled_up(events_family()) }}
