-- Time that pods were up, each sample split at bucket edges, at all six granularities.
{% set keys = ['service_name', 'instance_type'] %}
{% set components = {
    'uptime_ms': ['duration_ms', 'sum'],
} %}

{{ at_all_granularities(
    'service',
    facts='fct_service_samples',
    where='duration_ms > 0',
    rollup='rollup_service_uptime',
    keys=keys,
    components=components,
    is_stretch=true,
) }}
