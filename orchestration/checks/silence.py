"""Silence: an organization that used to send events on such a weekday has not stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import SILENT_EVENTS, VOLUME_WEEKS, VOLUME_WEEKS_NEEDED
from orchestration.checks.naming import organization

if TYPE_CHECKING:
    import duckdb

NAME = "no_organization_fell_silent"
ASSET = "core/fct_events"
DESCRIPTION = (
    "Each organization of each source has events on every completed local day since its last one"
    f" whose weekday usually brings {SILENT_EVENTS} or more: the median of that weekday in up to"
    f" {VOLUME_WEEKS} weeks before (at least {VOLUME_WEEKS_NEEDED}). Days end where those of all"
    " sources together end."
)


def silent_organizations(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each organization of a source that stopped, the longest silent first."""
    rows = build.execute(
        f"""
        with

        counted as (

            select
                source_system,
                org_id,
                cast(timezone($zone, timezone('UTC', event_at)) as date) as day,
                count(*) as events
            from core.fct_events
            group by all

        ),

        -- The day of the landing may be cut off, and so may the last day that brought anything.
        spans as (

            select
                source_system,
                org_id,
                min(day) + 1 as first_day,
                max(day) as last_heard,
                least(
                    max(max(day)) over (),
                    (
                        select cast(timezone($zone, timezone('UTC', max(landed_at))) as date)
                        from quality.load_audit
                    )
                ) - 1 as last_day
            from counted
            group by all

        ),

        days as (

            select
                *,
                cast(
                    unnest(generate_series(first_day, last_day, interval 1 day)) as date
                ) as day
            from spans

        ),

        filled as (

            select days.*, coalesce(counted.events, 0) as events
            from days
            left join counted
                on
                    days.source_system = counted.source_system
                    and days.org_id is not distinct from counted.org_id
                    and days.day = counted.day

        ),

        compared as (

            select
                *,
                count(*) over weeks_before as weeks,
                median(events) over weeks_before as usual
            from filled
            window weeks_before as (
                partition by source_system, org_id, isodow(day)
                order by day rows between {VOLUME_WEEKS} preceding and 1 preceding
            )

        )

        select
            source_system,
            {organization("compared.org_id")} as organization,
            min(day) as since,
            count(*) as missed_days,
            sum(usual) as missed_events,
            last_heard
        from compared
        left join core.dim_organizations on compared.org_id = dim_organizations.org_id
        where
            day > last_heard
            and weeks >= {VOLUME_WEEKS_NEEDED}
            and usual >= {SILENT_EVENTS}
        group by all
        order by since, missed_events desc, source_system, organization
        """,
        {"zone": zone},
    ).fetchall()
    return [
        f"{source}, {organization}: silent since {since:%A %Y-%m-%d}, {days} usual"
        f" day{'s'[: days != 1]} without an event ({events:,.0f} expected); last heard of on"
        f" {heard:%Y-%m-%d}"
        for source, organization, since, days, events, heard in rows
    ]
