-- The state of issues as +1 for the status that an issue takes and -1 for the one that it leaves,
-- in the context of the issue's first change.
with

changes as (

    select * from {{ ref('fct_issue_changes') }}
    where issue_id is not null

)

select
    issue_context_key,
    status,
    1 as delta,
    changed_at
from changes

union all

select
    issue_context_key,
    previous_status as status,
    -1 as delta,
    changed_at
from changes
where previous_status is not null
