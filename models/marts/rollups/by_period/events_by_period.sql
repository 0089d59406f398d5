-- Events of users at all six granularities.
{{ at_all_granularities('rollup_events', events_family()) }}
