-- Every combination of the dimensions of executions that occurs, under the integer that roll-ups
-- keep.
{{ config(materialized='incremental', incremental_strategy='append') }}
{{ seen_contexts('function', {
    'fct_executions': touched('changed_at'),
    'fct_pipeline_executions': touched('changed_at'),
}) }}
