-- Counted working time, each stretch split at bucket edges, by hour, day, week and month.
{{ rolled_up(activity_family()) }}
