-- Different annotations touched, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ distinct_annotations(granularity, dimension_names('work'), where="true") }}

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
