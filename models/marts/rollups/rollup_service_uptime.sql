-- Time that pods were up, each sample split at bucket edges, by hour, day, week and month.
{{ rebuilt_by(
    'period_start', days='buckets', pieces_of='fct_service_samples', contexts='service_key'
) }}
{{ rolled_up(service_uptime_family()) }}
