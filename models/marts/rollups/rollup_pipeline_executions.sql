-- Changes of pipelines' runs by hour, day, week and month.
{{ rolled_up(pipeline_executions_family()) }}
