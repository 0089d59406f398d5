-- Every combination of the dimensions of work that occurs, the item left out, under the integer
-- that roll-ups keep.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    post_hook="{{ forget_contexts('work', ['fct_events', 'fct_activity', 'fct_annotation_actions']) }}",
) }}
{{ seen_contexts('work', {
    'fct_events': touched('event_at'),
    'fct_activity': touched('started_at', days='local', users=true),
    'fct_annotation_actions': touched('action_at'),
}) }}
