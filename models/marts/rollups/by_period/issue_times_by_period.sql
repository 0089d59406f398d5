-- How long the steps of issues took at all six granularities.
{% set keys = ['step'] %}
{% set components = {
    'issue_count': ['1', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ at_all_granularities(
    'work',
    facts='issue_times',
    rollup='rollup_issue_times',
    keys=keys,
    components=components,
    at='measured_at',
) }}
