{#- The last value of each point of a metric in a period; at one instant the larger text wins. -#}
{% macro last_metrics(granularity) -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'measured_at') }} as period_start,
        {{ dimensions('model') }},
        figure,
        legend,
        x,
        {{ last_by('y', ['measured_at', 'cast(y as varchar)']) }} as y
    from {{ ref('fct_model_metrics') }}
    where {{ touched_in(granularity, 'measured_at') }}
    group by all
{%- endmacro %}
