{#-
    Stretches of time (started_at, ended_at) of a fact cut at the edges of buckets: the columns of the
    fact, with period_start of the piece and duration_ms of the piece alone. Only stretches
    that cross an edge pay for the cutting. A stretch of no length stays one piece of 0 ms.
-#}
{% macro stretch_pieces(family, granularity) -%}
    {%- set first = bucket_start(granularity, 'started_at') -%}
    {%- set last = bucket_start(granularity, 'greatest(started_at, ' ~ add_ms('ended_at', -1) ~ ')') -%}
    {%- set is_touched = touched_in(
        granularity, 'started_at', family.by_user, family.facts, until='ended_at'
    ) -%}
    select
        * replace (
            cast(
                {{ epoch_ms('least(ended_at, ' ~ bucket_after(granularity, 'period_start') ~ ')') }}
                - {{ epoch_ms('greatest(started_at, period_start)') }} as bigint
            ) as duration_ms
        )
    from (
        select *, {{ first }} as period_start
        from {{ ref(family.facts) }}
        where {{ family.where }} and {{ is_touched }} and {{ first }} = {{ last }}

        union all

        select *, {{ buckets_between(granularity, first, last) }} as period_start
        from {{ ref(family.facts) }}
        where {{ family.where }} and {{ is_touched }} and {{ first }} <> {{ last }}
    )
    where {{ touched_in(granularity, 'period_start', family.by_user, family.facts) }}
{%- endmacro %}
