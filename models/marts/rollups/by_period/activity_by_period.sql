-- Counted working time, each stretch split at bucket edges, at all six granularities.
{% set keys = ['activity_status', 'surface', 'role'] %}
{% set components = {
    'duration_ms': ['duration_ms', 'sum'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_activity',
    where='is_counted and duration_ms > 0',
    rollup='rollup_activity',
    keys=keys,
    components=components,
    is_stretch=true,
) }}
