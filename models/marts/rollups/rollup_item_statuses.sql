-- Settings of statuses by hour, day, week and month.
{{ rolled_up(item_statuses_family()) }}
