-- What did each person do on a day in a project: hours, sessions, objects, jobs, rejections?
-- All but the last columns are sums: add them up over any days, people and projects, then divide.
with

working_time as (

    select
        user_id,
        project_id,
        {{ local_day('period_start') }} as day,
        activity_status || '_ms' as figure,
        duration_ms as amount
    from {{ ref('user_stats_activity_time') }}
    where time_granularity = 'day'

),

objects as (

    select
        user_id,
        project_id,
        {{ local_day('period_start') }} as day,
        action as figure,
        action_count as amount
    from {{ ref('annotation_timeline') }}
    where time_granularity = 'day'

),

-- A sitting counts on the day on which it begins, in the project that it opens first.
sessions as (

    select
        user_id,
        project_id,
        {{ local_day('started_at') }} as day,
        'session' as figure,
        1 as amount
    from {{ ref('fct_sessions') }}

),

job_figures as (

    select
        user_id,
        project_id,
        {{ local_day('happened_at') }} as day,
        figure,
        amount
    from {{ ref('fct_assignment_credits') }}

),

figures as (

    select * from working_time

    union all

    select * from objects

    union all

    select * from sessions

    union all

    select * from job_figures

),

sums as (

    select
        user_id,
        project_id,
        day,
        {%- for column, figure in {
            'active_ms': 'active_ms',
            'session_count': 'session',
            'created_count': 'created',
            'updated_count': 'updated',
            'deleted_count': 'deleted',
            'assigned_job_count': 'job assigned',
            'done_job_count': 'job done',
            'judged_job_count': 'job judged',
            'first_pass_count': 'job passed first',
            'rejection_count': 'rejection',
            'first_action_count': 'first action',
            'first_action_ms': 'first action ms',
        }.items() %}
            cast(sum(case when figure = '{{ figure }}' then amount else 0 end) as bigint)
                as {{ column }},
        {%- endfor %}
        -- Where nobody knows of idle time there is none to add, not 0.
        cast(sum(case when figure = 'idle_ms' then amount end) as bigint) as idle_ms
    from figures
    where user_id is not null
    group by user_id, project_id, day

)

select
    sums.user_id,
    coalesce(users.user_name, sums.user_id) as user_name,
    sums.project_id,
    coalesce(projects.project_name, sums.project_id) as project_name,
    sums.day,
    sums.active_ms,
    sums.idle_ms,
    sums.session_count,
    sums.created_count,
    sums.updated_count,
    sums.deleted_count,
    sums.created_count - sums.deleted_count as net_count,
    sums.assigned_job_count,
    sums.done_job_count,
    sums.judged_job_count,
    sums.first_pass_count,
    sums.rejection_count,
    sums.first_action_count,
    sums.first_action_ms,
    {{ hours('sums.active_ms') }} as active_hours,
    {{ rate('sums.created_count - sums.deleted_count', hours('sums.active_ms')) }}
        as objects_per_hour,
    {{ rate('sums.first_pass_count', 'sums.judged_job_count') }} as first_pass_rate
from sums
left join {{ ref('dim_users') }} as users on sums.user_id = users.user_id
left join {{ ref('dim_projects') }} as projects on sums.project_id = projects.project_id
