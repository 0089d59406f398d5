-- Issues raised at all six granularities.
{{ at_all_granularities('rollup_issues_raised', issues_raised_family()) }}
