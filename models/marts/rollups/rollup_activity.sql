-- Counted working time, each stretch split at bucket edges, by hour, day, week and month.
{% set keys = ['activity_status', 'surface', 'role'] %}
{% set components = {
    'duration_ms': ['duration_ms', 'sum'],
} %}

{{ rolled_up(
    'work',
    facts='fct_activity',
    where='is_counted and duration_ms > 0',
    keys=keys,
    components=components,
    is_stretch=true,
) }}
