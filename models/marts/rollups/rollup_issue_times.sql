-- How long the steps of issues took by hour, day, week and month.
{% set keys = ['step'] %}
{% set components = {
    'issue_count': ['1', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ rolled_up(
    'work',
    facts='issue_times',
    keys=keys,
    components=components,
    at='measured_at',
) }}
