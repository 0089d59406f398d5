-- Every change of the status of a pipeline's run; a finished one carries how long it took.
{{ rebuilt_by('changed_at') }}
select
    event_id as pipeline_execution_change_id,
    source_system,
    status,
    node_status,
    {{ dimensions('function') }},
    duration_ms,
    coalesce(status in ('success', 'failed', 'terminated'), false)
    and duration_ms is not null as is_finished,
    {{ truncate_to('minute', 'started_at') }} as minute_start,
    started_at as changed_at
from {{ ref('int_samples') }}
where event_type = 'pipeline_execution' and {{ touched('started_at') }}
