-- Every combination of the dimensions of services that occurs, under the integer that roll-ups
-- keep.
{{ config(materialized='incremental', incremental_strategy='append') }}
{{ seen_contexts('service', {'fct_service_samples': touched('started_at')}) }}
