-- Actions on annotations at all six granularities.
{{ at_all_granularities('rollup_annotation_actions', annotation_actions_family()) }}
