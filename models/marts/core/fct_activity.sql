-- Every stretch of a user's time in one place, by every method that accounts for it. For each
-- user and day the best method counts, so that totals never mix accounts of the same time.
{{ rebuilt_by(
    'started_at',
    days='local',
    users=true,
    touches={'context of work': keyed_dimensions('work')},
) }}
{% set cvat_place = known_dimensions(
    'work',
    known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id'],
) %}

with

reported as (

    select
        {{ hash_key(["'reported'", 'event_id']) }} as activity_id,
        'cvat' as source_system,
        'reported' as method,
        source,
        scope,
        'active' as activity_status,
        {{ cvat_place }},
        started_at,
        ended_at
    from {{ ref('int_cvat__reported_stretches') }}
    where {{ touched('started_at', days='local', users=true) }}

),

replayed as (

    select
        {{ hash_key(["'replayed'", 'batch_working_time_id']) }} as activity_id,
        'cvat' as source_system,
        'replayed' as method,
        -- As the row that CVAT would have stored.
        'server' as source,
        'send:working_time' as scope,
        'active' as activity_status,
        {{ cvat_place }},
        reported_at as started_at,
        {{ add_ms('reported_at', 'working_ms') }} as ended_at
    from {{ ref('fct_batch_working_time') }}
    where {{ touched('reported_at', days='local', users=true) }}

),

derived as (

    select
        {{ hash_key(["'derived'", 'user_id', 'started_at']) }} as activity_id,
        'cvat' as source_system,
        'derived' as method,
        'client' as source,
        cast(null as varchar) as scope,
        activity_status,
        {{ known_dimensions(
            'work',
            known=['user_id', 'org_id', 'project_id', 'task_id', 'assignment_id', 'item_id'],
        ) }},
        started_at,
        ended_at
    from {{ ref('int_cvat__derived_stretches') }}
    where {{ touched('started_at', days='local', users=true) }}

),

cvat as (

    select * from reported

    union all

    select * from replayed

    union all

    select * from derived

),

sampled as (

    select
        {{ hash_key(["'sampled'", 'event_id']) }} as activity_id,
        source_system,
        'reported' as method,
        cast(null as varchar) as source,
        action || ':' || event_type as scope,
        action as activity_status,
        {{ dimensions('work') }},
        started_at,
        ended_at,
        surface,
        role
    from {{ ref('int_samples') }}
    where
        event_type = 'activity'
        and {{ touched('started_at', days='local', users=true) }}

),

stretches as (

    select
        *,
        case when assignment_id is not null then 'studio' else 'browser' end as surface,
        cast(null as varchar) as role
    from cvat

    union all

    select * from sampled

),

placed as {{ inlined() }} (

    select
        *,
        {{ bucket_start('day', 'started_at') }} as reporting_day,
        case method
            {%- for method in var('working_time_methods') %}
                when '{{ method }}' then {{ loop.index }}
            {%- endfor %}
        end as method_rank
    from stretches

),

best_methods as (

    select
        user_id,
        reporting_day,
        min(method_rank) as method_rank
    from placed
    group by user_id, reporting_day

)

select
    placed.activity_id,
    placed.source_system,
    placed.method,
    placed.source,
    placed.scope,
    placed.activity_status,
    placed.surface,
    placed.role,

    {{ dimensions('work', 'placed') }},

    coalesce(placed.method_rank = best_methods.method_rank, false) as is_counted,

    cast(
        {{ epoch_ms('placed.ended_at') }} - {{ epoch_ms('placed.started_at') }} as bigint
    ) as duration_ms,

    {{ truncate_to('minute', 'placed.started_at') }} as minute_start,
    placed.reporting_day,
    placed.started_at,
    placed.ended_at
from placed
inner join best_methods
    on
        placed.user_id is not distinct from best_methods.user_id
        and placed.reporting_day = best_methods.reporting_day
-- Who asks for a time reads that time.
order by placed.started_at
