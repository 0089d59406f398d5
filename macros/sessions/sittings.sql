{#-
    Sittings of a user: moments, or parts of sittings, from started_at to ended_at, put together where the
    next starts within the session gap of where the latest so far has ended. A sitting is of the project
    that it opens first.
-#}
{% macro sittings(relation, event_count, apart_by_day=false) -%}
    {%- set places = ['source_system', 'user_id'] -%}
    {%- if apart_by_day -%}
        {%- do places.append(truncate_to('day', 'started_at')) -%}
    {%- endif -%}
    select
        source_system,
        user_id,
        {{ first_by('project_id', ['started_at', 'project_id']) }} as project_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        cast({{ event_count }} as bigint) as event_count
    from (
        select
            *,
            sum(case
                when
                    {{ epoch_ms('started_at') }} - {{ epoch_ms('busy_until') }}
                    <= {{ var('session_gap_ms') }} then 0
                else 1
            end) over (
                -- Of equal moments the first is the one with the least before it.
                partition by {{ places | join(', ') }}
                order by started_at, ended_at, busy_until nulls first
                rows between unbounded preceding and current row
            ) as sitting_number
        from (
            select
                *,
                max(ended_at) over (
                    partition by {{ places | join(', ') }} order by started_at, ended_at
                    rows between unbounded preceding and 1 preceding
                ) as busy_until
            from {{ relation }}
        )
    )
    group by {{ places | join(', ') }}, sitting_number
{%- endmacro %}
