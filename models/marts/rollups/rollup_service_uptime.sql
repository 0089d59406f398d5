-- Time that pods were up, each sample split at bucket edges, by hour, day, week and month.
{{ rolled_up(service_uptime_family()) }}
