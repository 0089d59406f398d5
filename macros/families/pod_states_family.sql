{#-
    What the samples of a pod say of a period: its last status, its restarts, and what waited. At one
    instant the larger text wins.
    Samples without a queue size say nothing of the queue.
-#}
{% macro pod_states_family() -%}
    {%- do return({
        'context': 'service',
        'shares_rows': true,
        'facts': 'fct_service_samples',
        'where': 'true',
        'at': 'started_at',
        'keys': [],
        'aggregates': {
            'status': latest('status', 'started_at'),
            'restarts_max': 'max(restart_count)',
            'sample_count': 'cast(count(queue_size) as bigint)',
            'queue_sum': 'cast(coalesce(sum(queue_size), 0) as bigint)',
            'queue_min': 'min(queue_size)',
            'queue_max': 'max(queue_size)',
            'queue_last': last_by('queue_size', ['started_at', 'cast(queue_size as varchar)']),
            'has_run': "max(case when status in ('running', 'full') then 1 else 0 end) = 1",
        },
    }) -%}
{%- endmacro %}
