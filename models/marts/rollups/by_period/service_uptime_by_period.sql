-- Time that pods were up, each sample split at bucket edges, at all six granularities.
{{ at_all_granularities('rollup_service_uptime', service_uptime_family()) }}
