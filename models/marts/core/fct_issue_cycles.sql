-- One row for each cycle of an issue: from the change that opens it to the last approved or
-- cleared before the next issue or review. An issue that reopens starts another cycle.
{% set lives = {'issue': ['issue_id'], 'annotation': ['annotation_id'], 'item': ['item_id']} %}
{{ rebuilt_by_life(lives) }}
with

touched_issues as (

    select distinct issue_id from {{ ref('fct_issue_changes') }}
    where {{ of_touched_life(lives) }}

),

changes as (

    select
        *,
        -- The number of changes so far that are no ending.
        sum(case when status in ('approved', 'cleared') then 0 else 1 end) over (
            partition by issue_id order by changed_at, status, issue_change_id
            rows between unbounded preceding and current row
        ) as run_number
    from {{ ref('fct_issue_changes') }}
    where issue_id in (select touched_issues.issue_id from touched_issues)

),

openings as (

    select * from changes
    where is_opening

),

endings as (

    select
        *,
        min(run_number) over (partition by issue_id, cycle_number) as first_run_number
    from changes
    where status in ('approved', 'cleared') and cycle_number > 0

),

ends as (

    select
        issue_id,
        cycle_number,
        {{ latest('issue_change_id', 'changed_at') }} as ended_change_id,
        max(changed_at) as ended_at
    from endings
    where run_number = first_run_number
    group by issue_id, cycle_number

),

-- Who first created the annotation, when, and as what.
creations as (

    select
        annotation_id,
        min(action_at) as created_at,
        {{ first_by('label', ['action_at', 'annotation_action_id']) }} as label,
        {{ first_by('user_id', ['action_at', 'annotation_action_id']) }} as user_id
    from {{ ref('fct_annotation_actions') }}
    where
        action = 'created'
        and annotation_id in (select openings.annotation_id from openings)
    group by annotation_id

),

completions as (

    select
        openings.issue_change_id,
        max(statuses.changed_at) as completed_at
    from openings
    inner join {{ ref('fct_item_statuses') }} as statuses
        on
            openings.item_id = statuses.item_id
            and statuses.status = 'completed'
            and not statuses.is_cleared
            and openings.changed_at >= statuses.changed_at
    group by openings.issue_change_id

)

select
    openings.issue_change_id as issue_cycle_id,
    openings.source_system,
    coalesce(openings.label, creations.label) as label,
    openings.issue_id,
    openings.annotation_id,
    coalesce(openings.annotator, creations.user_id) as annotator_user_id,
    {{ dimensions('work', 'openings') }},
    ends.ended_change_id,

    openings.cycle_number,
    cast(
        {{ epoch_ms('openings.changed_at') }}
        - {{ epoch_ms('coalesce(
            case when creations.created_at <= openings.changed_at then creations.created_at end,
            completions.completed_at
        )') }} as bigint
    ) as raise_ms,
    cast(
        {{ epoch_ms('ends.ended_at') }} - {{ epoch_ms('openings.changed_at') }} as bigint
    ) as resolve_ms,

    openings.changed_at as opened_at,
    ends.ended_at
from openings
left join ends
    on openings.issue_id = ends.issue_id and openings.cycle_number = ends.cycle_number
left join creations
    on openings.annotation_id = creations.annotation_id
left join completions
    on openings.issue_change_id = completions.issue_change_id
