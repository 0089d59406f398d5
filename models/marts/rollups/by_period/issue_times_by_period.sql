-- How long the steps of issues took at all six granularities.
{{ at_all_granularities('rollup_issue_times', issue_times_family()) }}
