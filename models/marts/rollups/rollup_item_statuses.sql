-- Settings of statuses by hour, day, week and month.
{% set keys = ['status'] %}
{% set components = {
    'status_count': ['1', 'sum'],
} %}

{{ rolled_up(
    'work',
    facts='fct_item_statuses',
    where='not is_cleared',
    keys=keys,
    components=components,
    at='changed_at',
) }}
