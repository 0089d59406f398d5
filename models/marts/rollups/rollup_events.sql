-- Events of users by hour, day, week and month.
{% set keys = [] %}
{% set components = {
    'event_count': ['1', 'sum'],
} %}

{{ rolled_up(
    'work',
    facts='fct_events',
    where='user_id is not null',
    keys=keys,
    components=components,
    at='event_at',
) }}
