-- The last value of each point of a model's metrics, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ counted_in_buckets(model_metrics_family(), granularity, dimension_names('model')) }}

    union all

{% endfor %}
select * from {{ ref('rollup_model_metrics') }}
