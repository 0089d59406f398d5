-- What each pod was last doing, and what waited for it, at all six granularities.
{{ at_all_granularities('rollup_pod_states', pod_states_family()) }}
