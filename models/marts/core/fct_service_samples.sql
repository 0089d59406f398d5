-- Every sample of a pod: what it was doing, how often it had restarted, what waited.
{{ rebuilt_by('started_at') }}
select
    event_id as service_sample_id,
    source_system,
    status,
    service_name,
    pod_type as instance_type,
    service_type,
    {{ dimensions('service') }},

    restart_count,
    queue_size,
    sample_interval_ms,
    cast({{ epoch_ms('ended_at') }} - {{ epoch_ms('started_at') }} as bigint) as duration_ms,

    {{ truncate_to('minute', 'started_at') }} as minute_start,
    started_at,
    ended_at
from {{ ref('int_samples') }}
where event_type = 'service' and {{ touched('started_at') }}
