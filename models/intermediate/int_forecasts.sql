-- When will each open task and project be done, if its project's jobs go on being accepted as in
-- the last 14 days, in the order in which its tasks were opened? Today is the day of the newest
-- event: the answer is a function of what landed.
{% set last_days = 14 %}
-- 80 of 100 sums of independent days lie within so many standard deviations.
{% set spread = 1.2816 %}

with

tasks as (

    select
        *,
        -- A task outside of projects waits for nobody but itself.
        {{ queue_of('project_id', 'task_id') }} as queue_id,
        job_count - accepted_job_count as open_job_count
    from {{ ref('int_task_jobs') }}

),

today as (

    select max({{ local_bucket('day', 'last_event_at') }}) as today
    from {{ ref('int_entity_days') }}

),

-- What was accepted counts up, what was opened again counts down.
acceptances as (

    select
        {{ queue_of('states.project_id', 'states.task_id') }} as queue_id,
        {{ days_between(local_bucket('day', 'states.changed_at'), 'today.today') }} as days_ago,
        case when states.is_accepted then 1 else -1 end as delta
    from {{ ref('fct_assignment_states') }} as states
    cross join today
    where states.is_accepted <> states.was_accepted

),

recent as (

    select
        queue_id,
        days_ago,
        sum(delta) as accepted_count
    from acceptances
    where days_ago < {{ last_days }}
    group by queue_id, days_ago

),

-- A weekday is a working day if jobs were accepted on it, anybody's. Counted from tomorrow (1).
working_days as (

    select
        7 - days_ago % 7 as days_ahead,
        row_number() over (order by 7 - days_ago % 7) as place,
        count(*) over () as days_a_week
    from recent
    group by 7 - days_ago % 7

),

paces as (

    select
        recent.queue_id,
        working_days.days_a_week,
        sum(recent.accepted_count) as accepted_count,
        sum(recent.accepted_count) / (2.0 * working_days.days_a_week) as pace,
        -- Over all working days of the two weeks, those without an acceptance too.
        sqrt(greatest(
            sum(recent.accepted_count * recent.accepted_count)
            - sum(recent.accepted_count) * sum(recent.accepted_count)
            / (2.0 * working_days.days_a_week), 0
        ) / (2.0 * working_days.days_a_week - 1)) as deviation
    from recent
    inner join working_days on working_days.place = 1
    group by recent.queue_id, working_days.days_a_week

),

ahead as (

    select
        'task' as entity,
        task_id as entity_id,
        queue_id,
        sum(open_job_count) over (
            partition by queue_id order by opened_at, task_id
            rows between unbounded preceding and current row
        ) as open_job_count
    from tasks
    where open_job_count > 0

    union all

    select
        'project' as entity,
        project_id as entity_id,
        queue_id,
        sum(open_job_count) as open_job_count
    from tasks
    where open_job_count > 0 and project_id is not null
    group by project_id, queue_id

),

-- In t working days pace * t jobs are accepted, give or take spread * deviation * sqrt(t).
-- Solved for t: when that is as many as are open.
bounds as (

    select
        ahead.entity,
        ahead.entity_id,
        bounds.bound,
        paces.days_a_week,
        -- A root and a square may end a trace above a whole number.
        cast(greatest(ceil(power(
            (
                bounds.spread * paces.deviation
                + sqrt(
                    power(bounds.spread * paces.deviation, 2)
                    + 4 * paces.pace * ahead.open_job_count
                )
            ) / (2 * paces.pace), 2
        ) - 0.000001), 1) as bigint) as days_of_work
    from ahead
    inner join paces on ahead.queue_id = paces.queue_id
    cross join (
        values ('earliest', -{{ spread }}), ('expected', 0), ('latest', {{ spread }})
    ) as bounds (bound, spread)
    where paces.pace > 0

),

ends as (

    select
        bounds.entity,
        bounds.entity_id,
        bounds.bound,
        bounds.days_of_work,
        cast({{ add_units(
            'today.today', 'day',
            '7 * ' ~ whole_division('(bounds.days_of_work - 1)', 'bounds.days_a_week')
            ~ ' + working_days.days_ahead'
        ) }} as date) as ends_on
    from bounds
    cross join today
    inner join working_days
        on (bounds.days_of_work - 1) % bounds.days_a_week + 1 = working_days.place

)

select
    ahead.entity,
    ahead.entity_id,
    cast(ahead.open_job_count as bigint) as jobs_ahead_count,
    cast(coalesce(any_value(paces.accepted_count), 0) as bigint) as recently_accepted_count,
    any_value(paces.pace) as pace,
    max(case when ends.bound = 'expected' then ends.ends_on end) as expected_end,
    max(case when ends.bound = 'earliest' then ends.ends_on end) as earliest_end,
    max(case when ends.bound = 'latest' then ends.ends_on end) as latest_end
from ahead
left join paces on ahead.queue_id = paces.queue_id
left join ends on ahead.entity = ends.entity and ahead.entity_id = ends.entity_id
group by ahead.entity, ahead.entity_id, ahead.open_job_count
