{#- How many different annotations there were, by context or the integer that stands for it. -#}
{% macro distinct_annotations(granularity, keys, where) -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ bucket_start(granularity, 'action_at') }} as period_start,
        {{ keys | join(', ') }},
        count(distinct annotation_id) as annotation_count
    from {{ ref('fct_annotation_actions') }}
    where
        annotation_id is not null
        and {{ where }}
        and {{ touched_in(granularity, 'action_at') }}
    group by all
{%- endmacro %}
