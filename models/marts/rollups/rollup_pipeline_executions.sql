-- Changes of pipelines' runs by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ rolled_up(pipeline_executions_family()) }}
