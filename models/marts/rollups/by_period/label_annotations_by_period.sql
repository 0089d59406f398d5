-- Different annotations created or updated, by label, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ counted_in_buckets(label_annotations_family(), granularity, dimension_names('work')) }}

    union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {{ dimensions('work', 'contexts') }},
    rollup.label,
    rollup.annotation_count
from {{ ref('rollup_label_annotations') }} as rollup
inner join {{ ref('dim_work_contexts') }} as contexts
    on rollup.work_key = contexts.work_key
