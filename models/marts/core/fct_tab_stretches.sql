-- When at least one of a user's tabs was at work: CVAT's clock run over each tab by itself, once
-- over the rows that CVAT stored and once over those that were captured. Anew each UTC day.
{{ rebuilt_by('started_at') }}
{% set threshold = var('activity_gap_threshold_ms') %}

with

tab_rows as (

    select
        'stored' as account,
        user_id,
        client_id,
        event_at,
        ended_at,
        event_day
    from {{ ref('int_cvat__client_rows') }}
    where {{ touched('event_at') }}

    union all

    select
        'captured' as account,
        user_id,
        client_id,
        event_at,
        ended_at,
        event_day
    from {{ ref('int_cvat__captured_rows') }}
    where {{ touched('event_at') }}

),

-- Between rows that start within one threshold of each other every gap counts: for the clock they
-- are one.
spans as (

    select
        account,
        user_id,
        client_id,
        event_day,
        {{ whole_division(epoch_ms('event_at'), [threshold, 1] | max) }} as span_number,
        min(event_at) as event_at,
        max(ended_at) as ended_at
    from tab_rows
    group by account, user_id, client_id, event_day, span_number

),

with_clock as (

    select
        *,
        max(ended_at) over (
            partition by account, user_id, client_id, event_day order by span_number
            rows between unbounded preceding and 1 preceding
        ) as clock_before
    from spans

),

-- What each span adds to its tab's time: the gap before it, if that counts, and its own duration.
steps as (

    select
        account,
        user_id,
        event_day,
        case
            when
                {{ epoch_ms('event_at') }} - {{ epoch_ms('clock_before') }}
                < {{ threshold }} then clock_before
            else event_at
        end as started_at,
        greatest(ended_at, coalesce(clock_before, ended_at)) as ended_at
    from with_clock

),

edges as (

    select
        account,
        user_id,
        event_day,
        started_at as edge_at,
        1 as delta
    from steps
    where ended_at > started_at

    union all

    select
        account,
        user_id,
        event_day,
        ended_at as edge_at,
        -1 as delta
    from steps
    where ended_at > started_at

),

moments as (

    select
        account,
        user_id,
        event_day,
        edge_at,
        sum(delta) as delta
    from edges
    group by account, user_id, event_day, edge_at

),

with_tabs as (

    select
        *,
        sum(delta) over in_order as tab_count,
        lead(edge_at) over in_order as next_edge_at
    from moments
    window in_order as (
        partition by account, user_id, event_day order by edge_at
    )

),

-- From one edge to the next as many tabs are at work; where none is, a stretch has ended.
pieces as (

    select
        *,
        lag(tab_count, 1, 0) over in_order as tab_count_before,
        coalesce(
            {{ epoch_ms('next_edge_at') }} - {{ epoch_ms('edge_at') }}, 0
        ) as piece_ms,
        sum(case when tab_count = delta then 1 else 0 end) over (
            partition by account, user_id, event_day order by edge_at
            rows between unbounded preceding and current row
        ) as stretch_number
    from with_tabs
    window in_order as (
        partition by account, user_id, event_day order by edge_at
    )

)

select
    account,
    user_id,
    cast(sum(case when tab_count > 0 then piece_ms else 0 end) as bigint) as duration_ms,
    cast(sum(tab_count * piece_ms) as bigint) as tabs_ms,
    cast(sum(case when tab_count > 1 then piece_ms else 0 end) as bigint) as overlap_ms,
    cast(sum(
        case when tab_count > 1 and tab_count_before <= 1 then 1 else 0 end
    ) as bigint) as overlap_count,
    min(edge_at) as started_at,
    max(edge_at) as ended_at
from pieces
group by account, user_id, event_day, stretch_number
