-- Different annotations touched, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ counted_in_buckets(annotations_family(), granularity, dimension_names('work')) }}

    union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {{ dimensions('work', 'contexts') }},
    rollup.annotation_count
from {{ ref('rollup_annotations') }} as rollup
inner join {{ ref('dim_work_contexts') }} as contexts
    on rollup.work_key = contexts.work_key
