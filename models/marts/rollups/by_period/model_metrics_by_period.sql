-- The last value of each point of a model's metrics, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    {{ last_metrics(granularity) }}

    union all

{% endfor %}
select * from {{ ref('rollup_model_metrics') }}
