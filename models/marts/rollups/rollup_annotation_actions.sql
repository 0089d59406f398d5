-- Actions on annotations by hour, day, week and month.
{% set keys = ['action', 'label', 'is_bulk'] %}
{% set components = {
    'action_count': ['action_count', 'sum'],
    'duration_ms': ['duration_ms', 'sum'],
    'duration_ms_min': ['duration_ms', 'min'],
    'duration_ms_max': ['duration_ms', 'max'],
} %}

{{ rolled_up(
    'work',
    facts='fct_annotation_actions',
    keys=keys,
    components=components,
    at='action_at',
) }}
