-- How each assignment stood after each of its moves: stage, state, whose it was, in which round,
-- and whether the move sent it back. Looks back only, never ahead.
{% set lives = {'assignment': ['source_system', 'assignment_id']} %}
{{ rebuilt_by_life(lives) }}
with

moves as (

    select
        *,
        -- A new stage starts new, if nothing else is said.
        case when stage is not null then coalesce(state, 'new') else state end as set_state
    from {{ ref('int_assignment_moves') }}
    where {{ of_touched_life(lives) }}

),

carried as (

    select
        source_system,
        assignment_id,
        org_id,
        project_id,
        task_id,
        changed_by_user_id,
        old_stage,
        set_state,
        -- CVAT's jobs begin in annotation; a platform's assignments have no other stage.
        coalesce(last_value(stage ignore nulls) over so_far, 'annotation') as stage,
        coalesce(last_value(set_state ignore nulls) over so_far, 'new') as state,
        assignee is not null as is_assignment,
        nullif(last_value(assignee ignore nulls) over so_far, '') as assignee_user_id,
        changed_at
    from moves
    window so_far as (
        partition by source_system, assignment_id order by changed_at
        rows between unbounded preceding and current row
    )

),

with_ranks as (

    select
        *,
        {{ stage_rank('stage') }} as stage_rank,
        {{ stage_rank('old_stage') }} as old_stage_rank,
        -- Who is given it in annotation or works on it there annotates it. A reviewer who sends a
        -- job back and is still its assignee does not.
        case
            when stage <> 'annotation' then null
            when is_assignment then assignee_user_id
            when set_state in ('in progress', 'completed')
                then coalesce(assignee_user_id, changed_by_user_id)
        end as annotating_user_id,
        state = 'completed'
        and (stage = 'acceptance' or source_system <> 'cvat') as is_accepted
    from carried

),

with_predecessors as (

    select
        *,
        coalesce(old_stage, lag(stage) over in_order) as stage_before,
        coalesce(old_stage_rank, lag(stage_rank) over in_order) as stage_rank_before,
        lag(state) over in_order as state_before,
        coalesce(lag(is_accepted) over in_order, false) as was_accepted,
        last_value(annotating_user_id ignore nulls) over (
            partition by source_system, assignment_id order by changed_at
            rows between unbounded preceding and 1 preceding
        ) as annotator_user_id
    from with_ranks
    window in_order as (
        partition by source_system, assignment_id order by changed_at
    )

),

with_signs as (

    select
        *,
        coalesce(
            stage_before is null
            or stage <> stage_before
            or (state_before = 'completed' and state <> 'completed'), true
        ) as is_entry,
        coalesce(stage_rank < stage_rank_before, false)
        or coalesce(set_state = 'rejected', false) as is_sent_back,
        -- Work in between makes two signs two rejections; without it they are two signs of one.
        sum(case
            when set_state in ('in progress', 'completed') then 1
            when stage_rank > stage_rank_before then 1
            else 0
        end) over (
            partition by source_system, assignment_id order by changed_at
            rows between unbounded preceding and current row
        ) as work_count
    from with_predecessors

),

with_rejections as (

    select
        *,
        is_sent_back and row_number() over (
            partition by source_system, assignment_id, work_count, is_sent_back
            order by changed_at
        ) = 1 as is_rejection
    from with_signs

)

select
    source_system,
    assignment_id,
    org_id,
    project_id,
    task_id,
    changed_by_user_id,
    assignee_user_id,
    annotator_user_id,
    stage,
    stage_before,
    state,
    set_state,
    cast(sum(cast(is_entry as integer)) over so_far as bigint) as visit_number,
    cast(1 + sum(cast(is_rejection as integer)) over so_far as bigint) as round_number,
    is_rejection,
    is_accepted,
    was_accepted,
    changed_at
from with_rejections
window so_far as (
    partition by source_system, assignment_id order by changed_at
    rows between unbounded preceding and current row
)
