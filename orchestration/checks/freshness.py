"""Freshness: no source has fallen silent while landing goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import fresh_hours
from orchestration.checks.staged import STAGED

if TYPE_CHECKING:
    import duckdb

NAME = "every_source_is_fresh"
ASSET = "quality/load_audit"
DESCRIPTION = (
    "The newest event of each source that ever landed is not older than WAREHOUSE_FRESH_HOURS"
    " (72 without), counted back from the latest landing of any source."
)


def stale_sources(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each source that is too old. Raises WarehouseError for a bad limit."""
    limit = fresh_hours()
    newest = " union all ".join(
        f"select '{source}' as source, max({time}) as newest_at from {relation}"
        for source, (relation, time) in STAGED.items()
    )
    rows = build.execute(
        f"""
        with

        newest as ({newest}),

        aged as (

            select
                source,
                newest_at,
                epoch((select max(landed_at) from quality.load_audit) - newest_at) / 3600 as hours
            from newest

        )

        select source, newest_at, hours from aged where hours > $limit order by source
        """,
        {"limit": limit},
    ).fetchall()
    return [
        f"{source}: the newest event is of {newest_at:%Y-%m-%d %H:%M} UTC, {hours:,.1f} hours"
        f" before the latest landing (limit {limit:g})"
        for source, newest_at, hours in rows
    ]
