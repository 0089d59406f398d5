"""Volume: a source has brought about as many events as it does on such a weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import (
    VOLUME_DAYS,
    VOLUME_SPREADS,
    VOLUME_WEEKS,
    VOLUME_WEEKS_NEEDED,
)
from orchestration.checks.naming import person
from orchestration.checks.staged import STAGED

if TYPE_CHECKING:
    import duckdb

NAME = "volume_is_usual"
ASSET = "core/fct_events"
DESCRIPTION = (
    f"The events of each source on its last {VOLUME_DAYS} completed local days, each against the"
    f" same weekday of up to {VOLUME_WEEKS} weeks before (at least {VOLUME_WEEKS_NEEDED}): within"
    f" {VOLUME_SPREADS} spreads of their median. The spread is 1.4826 median absolute deviations,"
    " at least a tenth of the median and its square root."
)


def unusual_days(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each day of a source that is out of its usual range, newest first."""
    by_person = " union all ".join(
        f"select '{source}' as source, user_id,"
        f" cast(timezone($zone, timezone('UTC', {time})) as date) as day, count(*) as events"
        f" from {relation} group by all"
        for source, (relation, time) in STAGED.items()
    )
    rows = build.execute(
        f"""
        with

        by_person as materialized ({by_person}),

        counted as (

            select source, day, sum(events) as events
            from by_person
            group by all

        ),

        -- The first and the last day of a source, and the day of the landing, may be cut off.
        spans as (

            select
                source,
                min(day) + 1 as first_day,
                least(
                    max(day),
                    (
                        select cast(timezone($zone, timezone('UTC', max(landed_at))) as date)
                        from quality.load_audit
                    )
                ) - 1 as last_day
            from counted
            group by source

        ),

        days as (

            select
                source,
                last_day,
                cast(
                    unnest(generate_series(first_day, last_day, interval 1 day)) as date
                ) as day
            from spans

        ),

        filled as (

            select days.*, coalesce(counted.events, 0) as events
            from days
            left join counted using (source, day)

        ),

        compared as (

            select
                *,
                min(day) over weeks_before as first_compared,
                count(*) over weeks_before as weeks,
                median(events) over weeks_before as usual,
                mad(events) over weeks_before as deviation
            from filled
            window weeks_before as (
                partition by source, isodow(day)
                order by day rows between {VOLUME_WEEKS} preceding and 1 preceding
            )

        ),

        ranged as (

            select
                *,
                {VOLUME_SPREADS}
                * greatest(1.4826 * deviation, 0.1 * usual, sqrt(usual), 1) as tolerance
            from compared

        ),

        unusual as (

            select *
            from ranged
            where
                weeks >= {VOLUME_WEEKS_NEEDED}
                and day > last_day - {VOLUME_DAYS}
                and abs(events - usual) > tolerance

        ),

        -- Whose events were the most too many, or too few, of all who had any on such days.
        moved as (

            select
                unusual.source,
                unusual.day,
                by_person.user_id,
                coalesce(
                    sum(by_person.events) filter (where by_person.day = unusual.day), 0
                ) as own,
                coalesce(
                    sum(by_person.events) filter (where by_person.day < unusual.day), 0
                ) / unusual.weeks as own_before,
                sign(unusual.events - unusual.usual) * (own - own_before) as moved
            from unusual
            inner join by_person
                on
                    unusual.source = by_person.source
                    and by_person.day between unusual.first_compared and unusual.day
                    and isodow(by_person.day) = isodow(unusual.day)
            group by
                unusual.source,
                unusual.day,
                unusual.weeks,
                unusual.events,
                unusual.usual,
                by_person.user_id
            qualify
                row_number() over (
                    partition by unusual.source, unusual.day
                    order by moved desc, by_person.user_id
                ) = 1

        )

        select
            unusual.source,
            unusual.day,
            unusual.events,
            unusual.weeks,
            unusual.usual,
            greatest(ceil(unusual.usual - unusual.tolerance), 0) as lowest,
            floor(unusual.usual + unusual.tolerance) as highest,
            {person("moved.user_id")} as person,
            moved.own,
            moved.own_before
        from unusual
        left join moved on unusual.source = moved.source and unusual.day = moved.day
        left join core.dim_users on moved.user_id = dim_users.user_id
        order by unusual.day desc, unusual.source
        """,
        {"zone": zone},
    ).fetchall()
    return [
        f"{source}, {day:%A %Y-%m-%d}: {events:,} events; usual are {lowest:,.0f} to"
        f" {highest:,.0f} (median {usual:,.0f} of {weeks} such days); most of it"
        f" {person}, {own:,} instead of {before:,.1f}"
        for source, day, events, weeks, usual, lowest, highest, person, own, before in rows
    ]
