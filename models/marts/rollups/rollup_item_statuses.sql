-- Settings of statuses by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='work_key') }}
{{ rolled_up(item_statuses_family()) }}
