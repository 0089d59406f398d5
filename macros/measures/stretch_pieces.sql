{#-
    Stretches of time (started_at, ended_at) of a family's facts cut at the edges of buckets: `columns` of
    the fact, with period_start of the piece and duration_ms of the piece alone. A stretch of no length
    stays one piece of 0 ms.
-#}
{% macro stretch_pieces(family, granularity, columns) -%}
    {%- set listed = columns | join(', ') -%}
    {%- set first = bucket_start(granularity, 'started_at') -%}
    {%- set last = bucket_start(granularity, 'greatest(started_at, ' ~ add_ms('ended_at', -1) ~ ')') -%}
    select
        {{ listed }},
        started_at,
        period_start,
        cast(
            {{ epoch_ms('least(ended_at, ' ~ bucket_after(granularity, 'period_start') ~ ')') }}
            - {{ epoch_ms('greatest(started_at, period_start)') }} as bigint
        ) as duration_ms
    from (
        select
            {{ listed }},
            started_at,
            ended_at,
            {{ buckets_between(granularity, first, last) }} as period_start
        from {{ ref(family.facts) }}
        where
            {{ family.where }}
            and {{ touched_in(
                granularity, 'started_at', family.by_user, family.facts, until='ended_at'
            ) }}
    )
    where {{ touched_in(granularity, 'period_start', family.by_user, family.facts) }}
{%- endmacro %}
