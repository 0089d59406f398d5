-- How long the steps of issues took by hour, day, week and month.
{{ rolled_up(issue_times_family()) }}
