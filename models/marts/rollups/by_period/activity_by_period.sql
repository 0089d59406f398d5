-- Counted working time, each stretch split at bucket edges, at all six granularities.
{{ at_all_granularities('rollup_activity', activity_family()) }}
