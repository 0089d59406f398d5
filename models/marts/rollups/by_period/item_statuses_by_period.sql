-- Settings of statuses at all six granularities.
{% set keys = ['status'] %}
{% set components = {
    'status_count': ['1', 'sum'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_item_statuses',
    where='not is_cleared',
    rollup='rollup_item_statuses',
    keys=keys,
    components=components,
    at='changed_at',
) }}
