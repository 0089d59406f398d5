-- Changes of executions by hour, day, week and month.
{{ rolled_up(executions_family()) }}
