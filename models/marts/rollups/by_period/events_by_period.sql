-- Events of users at all six granularities.
{% set keys = [] %}
{% set components = {
    'event_count': ['1', 'sum'],
} %}

{{ at_all_granularities(
    'work',
    facts='fct_events',
    where='user_id is not null',
    rollup='rollup_events',
    keys=keys,
    components=components,
    at='event_at',
) }}
