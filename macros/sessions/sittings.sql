{#-
    Sittings of a user: parts of sittings, from started_at to ended_at, put together where the next starts
    within the session gap of where the latest so far has ended. A sitting is of the project that it
    opens first. `apart_by` names columns whose values no sitting spans.
-#}
{% macro sittings(parts, apart_by=[]) -%}
    {%- set places = (['source_system', 'user_id'] + apart_by) | join(', ') -%}
    select
        source_system,
        user_id,
        {{ first_by('project_id', ['started_at', 'project_id']) }} as project_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        cast(sum(event_count) as bigint) as event_count
    from (
        select
            *,
            sum(case
                when
                    {{ epoch_ms('started_at') }} - {{ epoch_ms('busy_until') }}
                    <= {{ var('session_gap_ms') }} then 0
                else 1
            end) over (
                -- Of equal parts the first is the one with the least before it.
                partition by {{ places }} order by started_at, ended_at, busy_until nulls first
                rows between unbounded preceding and current row
            ) as sitting_number
        from (
            select
                *,
                max(ended_at) over (
                    partition by {{ places }} order by started_at, ended_at
                    rows between unbounded preceding and 1 preceding
                ) as busy_until
            from {{ parts }}
        )
    )
    group by {{ places }}, sitting_number
{%- endmacro %}
