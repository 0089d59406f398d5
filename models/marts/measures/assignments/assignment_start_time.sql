-- When did work on each assignment start?
{% for granularity in granularities() %}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'first_event_at') }} as period_start,
        {{ dimensions('assignment') }},
        first_event_at as start_time,
        first_event_at as value
    from {{ ref('fct_assignments') }}
    where first_event_at is not null
    {{ 'union all' if not loop.last }}
{% endfor %}
