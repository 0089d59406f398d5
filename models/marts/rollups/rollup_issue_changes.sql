-- Changes of issues by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets', contexts=rollup_key(issue_changes_family())) }}
{{ rolled_up(issue_changes_family()) }}
