-- One row for each assignment and its life, in the context in which it first occurred.
{% set lives = {'assignment in any source': ['assignment_id']} %}
{{ rebuilt_by_life(lives) }}
with

days as (

    select * from {{ ref('int_assignment_days') }}
    where {{ of_touched_life(lives) }}

),

starts as (

    select
        assignment_id,
        min(case when not is_news then event_at end) as first_event_at
    from days
    group by assignment_id

),

-- The context of the first work, else of the first news.
contexts as (

    select {{ dimensions('assignment') }}
    from days
    qualify row_number() over (
        partition by assignment_id order by is_news, event_at, event_id
    ) = 1

),

changes as (

    select
        assignment_id,
        {{ latest("case when action = 'assigned' then annotator end", 'changed_at') }}
            as annotator_user_id,
        {{ latest('total_items', 'changed_at') }} as total_items,
        min(case when action = 'created' then changed_at end) as created_at,
        min(case when action = 'assigned' then changed_at end) as assigned_at,
        max(case when action = 'done' then changed_at end) as done_at
    from {{ ref('fct_assignment_changes') }}
    where {{ of_touched_life(lives) }}
    group by assignment_id

)

select
    {{ dimensions('assignment', 'contexts') }},
    changes.annotator_user_id,
    changes.total_items,
    changes.created_at,
    changes.assigned_at,
    starts.first_event_at,
    changes.done_at
from contexts
inner join starts on contexts.assignment_id = starts.assignment_id
left join changes on contexts.assignment_id = changes.assignment_id
