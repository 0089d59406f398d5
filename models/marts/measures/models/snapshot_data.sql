-- What did the metrics of a model's snapshots last show?
select
    time_granularity,
    period_start,
    {{ dimensions('model') }},
    figure,
    legend,
    x,
    y,
    y as value
from {{ ref('model_metrics_by_period') }}
