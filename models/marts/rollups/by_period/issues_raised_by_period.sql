-- Issues raised at all six granularities.
{% set keys = ['label', 'annotator_user_id'] %}
{% set components = {
    'issue_count': ['1', 'sum'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_issue_cycles',
    rollup='rollup_issues_raised',
    keys=keys,
    components=components,
    at='opened_at',
) }}
