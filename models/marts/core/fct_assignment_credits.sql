-- What happened to whom in the workflow of jobs, one row each: a job came to somebody, was done,
-- was judged, passed at the first try, was sent back, was first touched.
{% set lives = {'assignment': ['source_system', 'assignment_id']} %}
{{ rebuilt_by_life(lives) }}
with

states as (

    select * from {{ ref('fct_assignment_states') }}
    where {{ of_touched_life(lives) }}

),

takings as (

    select
        source_system,
        assignment_id,
        assignee_user_id as user_id,
        project_id,
        changed_at
    from states
    where assignee_user_id is not null

),

finishes as (

    select
        source_system,
        assignment_id,
        user_id,
        project_id,
        left_at as changed_at
    from {{ ref('fct_assignment_visits') }}
    where is_done and user_id is not null and {{ of_touched_life(lives) }}

),

takings_and_finishes as (

    select * from takings

    union all

    select * from finishes

),

-- A job counts once for each person. What nobody was assigned to came with being done.
assigned as (

    select
        source_system,
        assignment_id,
        user_id,
        {{ first_by('project_id', ['changed_at', 'project_id']) }} as project_id,
        min(changed_at) as assigned_at
    from takings_and_finishes
    group by source_system, assignment_id, user_id

),

done as (

    select
        source_system,
        assignment_id,
        user_id,
        {{ first_by('project_id', ['changed_at', 'project_id']) }} as project_id,
        min(changed_at) as done_at
    from finishes
    group by source_system, assignment_id, user_id

),

-- The first verdict on a job: it is sent back, or accepted without ever having been.
verdicts as (

    select
        *,
        row_number() over (
            partition by source_system, assignment_id order by changed_at
        ) = 1 as is_first
    from states
    where is_rejection or (is_accepted and not was_accepted)

),

first_actions as (

    select
        source_system,
        assignment_id,
        user_id,
        min(first_action_at) as first_action_at
    from {{ ref('int_assignment_user_days') }}
    where {{ of_touched_life(lives) }}
    group by source_system, assignment_id, user_id

),

-- Who was at the job before it was theirs did not keep it waiting.
waits as (

    select
        assigned.source_system,
        assigned.assignment_id,
        assigned.user_id,
        assigned.project_id,
        greatest(assigned.assigned_at, first_actions.first_action_at) as happened_at,
        greatest(
            {{ epoch_ms('first_actions.first_action_at') }}
            - {{ epoch_ms('assigned.assigned_at') }}, 0
        ) as waited_ms
    from assigned
    inner join first_actions
        on
            assigned.source_system = first_actions.source_system
            and assigned.assignment_id = first_actions.assignment_id
            and assigned.user_id = first_actions.user_id

),

figures as (

    select
        source_system,
        assignment_id,
        user_id,
        project_id,
        'job assigned' as figure,
        1 as amount,
        assigned_at as happened_at
    from assigned

    union all

    select
        source_system,
        assignment_id,
        user_id,
        project_id,
        'job done' as figure,
        1 as amount,
        done_at as happened_at
    from done

    union all

    select
        source_system,
        assignment_id,
        annotator_user_id as user_id,
        project_id,
        'job judged' as figure,
        1 as amount,
        changed_at as happened_at
    from verdicts
    where is_first

    union all

    select
        source_system,
        assignment_id,
        annotator_user_id as user_id,
        project_id,
        'job passed first' as figure,
        1 as amount,
        changed_at as happened_at
    from verdicts
    where is_first and not is_rejection

    union all

    select
        source_system,
        assignment_id,
        annotator_user_id as user_id,
        project_id,
        'rejection' as figure,
        1 as amount,
        changed_at as happened_at
    from verdicts
    where is_rejection

    union all

    select
        source_system,
        assignment_id,
        user_id,
        project_id,
        'first action' as figure,
        1 as amount,
        happened_at
    from waits

    union all

    select
        source_system,
        assignment_id,
        user_id,
        project_id,
        'first action ms' as figure,
        waited_ms as amount,
        happened_at
    from waits

)

select
    source_system,
    assignment_id,
    user_id,
    project_id,
    figure,
    cast(amount as bigint) as amount,
    happened_at
from figures
where user_id is not null
