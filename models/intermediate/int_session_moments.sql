-- What shows that a person was there, source by source: where each moment starts and ends.
with

cvat as (

    select
        'cvat' as source_system,
        event_id,
        user_id,
        project_id,
        event_at as started_at,
        ended_at
    from {{ ref('int_cvat__client_rows') }}
    where user_id is not null

),

sampled as (

    select
        source_system,
        event_id,
        user_id,
        project_id,
        started_at,
        ended_at
    from {{ ref('int_samples') }}
    where
        user_id is not null
        and event_type in ('activity', 'annotation', 'item_status', 'issue')

)

select * from cvat

union all

select * from sampled
