-- Actions on annotations, by label, at all six granularities.
{{ at_all_granularities('rollup_label_actions', label_actions_family()) }}
