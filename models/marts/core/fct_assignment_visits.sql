-- Every stay of an assignment in a stage: from entering it until it goes elsewhere or is done.
{% set lives = {'assignment': ['source_system', 'assignment_id']} %}
{{ rebuilt_by_life(lives) }}
with

states as (

    select
        *,
        row_number() over (
            partition by source_system, assignment_id, visit_number order by changed_at desc
        ) = 1 as is_last_of_visit
    from {{ ref('fct_assignment_states') }}
    where {{ of_touched_life(lives) }}

),

visits as (

    select
        source_system,
        assignment_id,
        visit_number,
        max(case when is_last_of_visit then org_id end) as org_id,
        max(case when is_last_of_visit then project_id end) as project_id,
        max(case when is_last_of_visit then task_id end) as task_id,
        max(stage) as stage,
        max(case when is_last_of_visit then state end) as state,
        min(round_number) as round_number,
        max(case when is_last_of_visit then assignee_user_id end) as assignee_user_id,
        {{ latest(
            "case when set_state in ('in progress', 'completed') then changed_by_user_id end",
            'changed_at'
        ) }} as worked_by_user_id,
        max(case when is_last_of_visit and is_accepted then 1 else 0 end) = 1 as is_accepted,
        min(changed_at) as entered_at,
        min(case when set_state = 'in progress' then changed_at end) as started_at,
        max(case when set_state = 'completed' then changed_at end) as completed_at
    from states
    group by source_system, assignment_id, visit_number

),

with_successors as (

    select
        *,
        lead(entered_at) over in_order as next_entered_at,
        lead(round_number) over in_order as next_round_number,
        lead(stage) over in_order as next_stage
    from visits
    window in_order as (
        partition by source_system, assignment_id order by visit_number
    )

),

with_outcomes as (

    select
        *,
        case
            when next_round_number > round_number then 'sent back'
            when next_stage = stage then 'reopened'
            when next_stage <> stage then 'handed on'
            when is_accepted then 'accepted'
            when state = 'completed' then 'completed'
            else 'open'
        end as outcome
    from with_successors

)

select
    source_system,
    assignment_id,
    org_id,
    project_id,
    task_id,
    -- Who has it; of a job that nobody was assigned to, who last worked on it.
    coalesce(assignee_user_id, worked_by_user_id) as user_id,
    stage,
    state,
    outcome,
    visit_number,
    round_number,
    -- Who reviews has done so by sending back; who annotates, by handing on.
    outcome <> 'open'
    and (outcome <> 'sent back' or stage <> 'annotation' or state = 'completed') as is_done,
    entered_at,
    started_at,
    next_entered_at,
    coalesce(next_entered_at, case when state = 'completed' then completed_at end) as left_at
from with_outcomes
