-- Issues raised by hour, day, week and month.
{% set keys = ['label', 'annotator_user_id'] %}
{% set components = {
    'issue_count': ['1', 'sum'],
} %}

{{ rolled_up(
    'work',
    facts='fct_issue_cycles',
    keys=keys,
    components=components,
    at='opened_at',
) }}
