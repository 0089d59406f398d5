-- Different annotations touched, at all six granularities.
{{ at_all_granularities('rollup_annotations', annotations_family()) }}
