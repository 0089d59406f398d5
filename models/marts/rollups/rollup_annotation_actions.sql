-- Actions on annotations by hour, day, week and month.
{{ rolled_up(annotation_actions_family()) }}
