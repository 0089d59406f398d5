-- Changes of issues by hour, day, week and month.
{% set keys = ['status'] %}
{% set components = {
    'change_count': ['1', 'sum'],
} %}

{{ rolled_up(
    'work',
    facts='fct_issue_changes',
    keys=keys,
    components=components,
    at='changed_at',
) }}
