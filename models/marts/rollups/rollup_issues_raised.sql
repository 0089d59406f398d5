-- Issues raised by hour, day, week and month.
{{ rolled_up(issues_raised_family()) }}
