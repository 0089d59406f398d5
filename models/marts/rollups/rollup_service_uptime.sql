-- Time that pods were up, each sample split at bucket edges, by hour, day, week and month.
{% set keys = ['service_name', 'instance_type'] %}
{% set components = {
    'uptime_ms': ['duration_ms', 'sum'],
} %}

{{ rolled_up(
    'service',
    facts='fct_service_samples',
    where='duration_ms > 0',
    keys=keys,
    components=components,
    is_stretch=true,
) }}
