-- Different annotations created or updated, by label, at all six granularities.
{{ at_all_granularities('rollup_label_annotations', label_annotations_family()) }}
