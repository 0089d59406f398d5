-- Events of users by hour, day, week and month.
{{ rolled_up(events_family()) }}
