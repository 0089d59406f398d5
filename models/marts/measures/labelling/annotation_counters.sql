-- How much time went into how many items and annotations? The averages are duration_ms over
-- either count, and annotation_count over item_count.
select
    time_granularity,
    period_start,
    {{ dimensions('work') }},
    duration_ms,
    item_count,
    annotation_count
from {{ ref('labeling_counters') }}
where duration_ms > 0 or item_count > 0 or annotation_count > 0
