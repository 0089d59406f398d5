-- The state of issues as +1 for the status that an issue takes and -1 for the one that it leaves,
-- in the context of the issue's first change.
with

changes as (

    select
        status,
        previous_status,
        changed_at,
        first_value(work_key) over (
            partition by issue_id order by changed_at, status, issue_change_id
        ) as work_key
    from {{ ref('fct_issue_changes') }}
    where issue_id is not null

)

select
    work_key,
    status,
    1 as delta,
    changed_at
from changes

union all

select
    work_key,
    previous_status as status,
    -1 as delta,
    changed_at
from changes
where previous_status is not null
