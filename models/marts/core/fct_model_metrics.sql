-- Every point of a metric of a model's snapshot.
{{ rebuilt_by('measured_at') }}
select
    event_id as model_metric_id,
    source_system,
    figure,
    legend,
    {{ dimensions('model') }},
    x,
    y,
    {{ truncate_to('minute', 'started_at') }} as minute_start,
    started_at as measured_at
from {{ ref('int_samples') }}
where event_type = 'model_metric' and {{ touched('started_at') }}
