-- Changes of executions by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts='function_key') }}
{{ rolled_up(executions_family()) }}
