"""Volume: a source has brought about as many events as it does on such a weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import (
    VOLUME_DAYS,
    VOLUME_SPREADS,
    VOLUME_WEEKS,
    VOLUME_WEEKS_NEEDED,
)
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
    counted = " union all ".join(
        f"select '{source}' as source,"
        f" cast(timezone($zone, timezone('UTC', {time})) as date) as day, count(*) as events"
        f" from {relation} group by all"
        for source, (relation, time) in STAGED.items()
    )
    rows = build.execute(
        f"""
        with

        counted as ({counted}),

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

        )

        select
            source,
            day,
            events,
            weeks,
            usual,
            greatest(ceil(usual - tolerance), 0) as lowest,
            floor(usual + tolerance) as highest
        from ranged
        where
            weeks >= {VOLUME_WEEKS_NEEDED}
            and day > last_day - {VOLUME_DAYS}
            and abs(events - usual) > tolerance
        order by day desc, source
        """,
        {"zone": zone},
    ).fetchall()
    return [
        f"{source}, {day:%A %Y-%m-%d}: {events:,} events; usual are {lowest:,.0f} to"
        f" {highest:,.0f} (median {usual:,.0f} of {weeks} such days)"
        for source, day, events, weeks, usual, lowest, highest in rows
    ]
