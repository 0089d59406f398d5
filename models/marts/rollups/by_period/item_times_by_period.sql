-- How many items took how long to annotate, at all six granularities.
{% for granularity in ['second', 'minute'] %}
    select * from {{ ref('item_times') }}
    where time_granularity = '{{ granularity }}'

    union all

{% endfor %}
select * from {{ ref('rollup_item_times') }}
where {{ held_in_rollups('time_granularity') }}
