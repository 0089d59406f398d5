{#-
    What the samples of a pod say of a period: its last status, its restarts, and what waited. At one
    instant the larger text wins.
    Samples without a queue size say nothing of the queue.
-#}
{% macro pod_states(granularity, keys) -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'started_at') }} as period_start,
        {{ keys | join(', ') }},
        {{ latest('status', 'started_at') }} as status,
        max(restart_count) as restarts_max,
        cast(count(queue_size) as bigint) as sample_count,
        cast(coalesce(sum(queue_size), 0) as bigint) as queue_sum,
        min(queue_size) as queue_min,
        max(queue_size) as queue_max,
        {{ last_by('queue_size', ['started_at', 'cast(queue_size as varchar)']) }} as queue_last,
        max(case when status in ('running', 'full') then 1 else 0 end) = 1 as has_run
    from {{ ref('fct_service_samples') }}
    where {{ touched_in(granularity, 'started_at') }}
    group by all
{%- endmacro %}
