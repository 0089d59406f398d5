-- Counted working time, each stretch split at bucket edges, by hour, day, week and month.
{{ rebuilt_by(
    'period_start',
    days='buckets',
    users=true,
    pieces_of='fct_activity',
    contexts=rollup_key(activity_family()),
) }}
{{ rolled_up(activity_family()) }}
