-- Changes of issues by hour, day, week and month.
{{ rebuilt_by('period_start', days='buckets') }}
{{ rolled_up(issue_changes_family()) }}
