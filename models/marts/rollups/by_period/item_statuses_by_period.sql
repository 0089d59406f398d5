-- Settings of statuses at all six granularities.
{{ at_all_granularities('rollup_item_statuses', item_statuses_family()) }}
