-- Every change of an issue's state, with the state that it came from and how long that took.
{#- Changes of no issue are one life together. -#}
{% set lives = {'issue': ["coalesce(issue_id, '')"]} %}
{{ rebuilt_by_life(lives, touches={'issues of a context': 'issue_context_key'}) }}
with

with_predecessors as (

    select
        *,
        lag(status) over in_order as previous_status,
        lag(changed_at) over in_order as previous_changed_at,
        -- A review neither opens nor closes.
        last_value(case when status <> 'review' then status end ignore nulls) over (
            partition by issue_id order by changed_at, status, issue_change_id
            rows between unbounded preceding and 1 preceding
        ) as deciding_status
    from {{ ref('int_issue_changes') }}
    where {{ of_touched_life(lives) }}
    window in_order as (
        partition by issue_id order by changed_at, status, issue_change_id
    )

),

with_openings as (

    select
        *,
        issue_id is not null
        and status = 'issue'
        and coalesce(deciding_status <> 'issue', true) as is_opening,
        status = 'issue' and coalesce(previous_status <> 'issue', true) as enters_issue
    from with_predecessors

),

with_cycles as (

    select
        *,
        sum(cast(is_opening as integer)) over in_order as cycle_number,
        max(case when enters_issue then changed_at end) over in_order as issue_entered_at
    from with_openings
    window in_order as (
        partition by issue_id order by changed_at, status, issue_change_id
        rows between unbounded preceding and current row
    )

)

select
    issue_change_id,
    source_system,
    status,
    label,
    annotator,
    issue_id,
    annotation_id,
    {{ dimensions('work') }},

    -- An issue stands where it first stood.
    case
        when issue_id is not null
            then first_value({{ hash_key(dimension_names('work')) }}) over (
                partition by issue_id order by changed_at, status, issue_change_id
            )
    end as issue_context_key,

    case when issue_id is not null then previous_status end as previous_status,
    cast(case when issue_id is not null then cycle_number end as bigint) as cycle_number,
    is_opening,

    case
        when issue_id is not null and status = 'review' and previous_status = 'issue'
            then cast(
                {{ epoch_ms('changed_at') }} - {{ epoch_ms('issue_entered_at') }} as bigint
            )
    end as correction_ms,
    case
        when issue_id is not null and status = 'approved' and previous_status = 'review'
            then cast(
                {{ epoch_ms('changed_at') }} - {{ epoch_ms('previous_changed_at') }} as bigint
            )
    end as approval_ms,

    {{ truncate_to('minute', 'changed_at') }} as minute_start,
    changed_at
from with_cycles
