-- Changes of issues at all six granularities.
{{ at_all_granularities('rollup_issue_changes', issue_changes_family()) }}
