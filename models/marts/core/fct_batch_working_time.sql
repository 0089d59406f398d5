-- What CVAT's server would have reported for each captured client batch and owner.
{{ rebuilt_by('arrived_at') }}
with

owners as (

    select
        batch_id,
        owner_project_id,
        owner_task_id,
        owner_job_id,
        sum(earned_us) as earned_us,
        {{ first_by('at_us', ['event_number']) }} as reported_at_us
    from {{ ref('int_cvat__batch_clock') }}
    where {{ touched('arrived_at') }}
    group by all

),

batches as (

    select * from {{ ref('stg_cvat__batches') }}

)

select
    {{ hash_key([
        'owners.batch_id', 'owner_project_id', 'owner_task_id', 'owner_job_id',
    ]) }} as batch_working_time_id,
    owners.batch_id,

    batches.user_id,
    batches.org_id,
    cast(owners.owner_project_id as varchar) as project_id,
    cast(owners.owner_task_id as varchar) as task_id,
    cast(owners.owner_job_id as varchar) as assignment_id,

    {{ whole_division('owners.earned_us', 1000) }} as working_ms,

    {{ cut_to_ms(from_epoch_us('owners.reported_at_us')) }} as reported_at,
    batches.received_at,
    batches.arrived_at
from owners
inner join batches on owners.batch_id = batches.batch_id
where owners.earned_us > 0
