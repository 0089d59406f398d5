-- Actions on annotations at all six granularities.
{% set keys = ['action', 'label', 'is_bulk'] %}
{% set components = {
    'action_count': ['action_count', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_annotation_actions',
    rollup='rollup_annotation_actions',
    keys=keys,
    components=components,
    at='action_at',
) }}
