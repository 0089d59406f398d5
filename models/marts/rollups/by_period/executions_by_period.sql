-- Changes of executions at all six granularities.
{{ at_all_granularities('rollup_executions', executions_family()) }}
