-- The contexts in which issues changed, under an integer for each.
select distinct
    {{ hash_key(dimension_names('work')) }} as issue_context_key,
    {{ dimensions('work') }}
from {{ ref('fct_issue_changes') }}
