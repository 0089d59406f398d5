-- Changes of pipelines' runs at all six granularities.
{{ at_all_granularities('rollup_pipeline_executions', pipeline_executions_family()) }}
