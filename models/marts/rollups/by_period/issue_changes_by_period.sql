-- Changes of issues at all six granularities.
{% set keys = ['status'] %}
{% set components = {
    'change_count': ['1', 'sum'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_issue_changes',
    rollup='rollup_issue_changes',
    keys=keys,
    components=components,
    at='changed_at',
) }}
