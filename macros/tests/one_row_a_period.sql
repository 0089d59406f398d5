{#- No two rows that share periods (shared_by_periods) name the same period for the same keys. -#}
{% test one_row_a_period(model, columns) %}
{% for period in ['hour', 'day', 'week', 'month'] %}
{%- set key = [period ~ '_start'] + columns -%}
select
    '{{ period }}' as time_granularity,
    {{ period }}_start as period_start,
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
where
    {{ period }}_start is not null
    -- Hashes are shorter than what they stand for.
    and {{ hash_key(key) }} in (
        select {{ hash_key(key) }} as key_hash
        from {{ model }}
        where {{ period }}_start is not null
        group by key_hash
        having count(*) > 1
    )
group by {{ key | join(', ') }}
having count(*) > 1
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
