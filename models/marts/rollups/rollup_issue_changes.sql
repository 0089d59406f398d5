-- Changes of issues by hour, day, week and month.
{{ rolled_up(issue_changes_family()) }}
