"""What landing would say of lines that have not landed: the same checks, without a file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.landing import client_batches, platform_samples
from orchestration.landing.lake import LoadStamp

_CHECKS = {
    "cvat_client_batches": client_batches.checked,
    "platform_samples": platform_samples.checked,
}


def first_problem(
    connection: duckdb.DuckDBPyConnection, source: str, lines: Sequence[str]
) -> tuple[int, str] | None:
    """Return (line, from 1; sentence) of the first that would not be accepted whole, else None.

    The time zone of the connection must be UTC.
    """
    checked = _CHECKS[source](
        "select 'trial' as file_id, unnest(range(1, len($lines) + 1)) as line_number,"
        " unnest($lines) as line",
        LoadStamp.now().landed_at_sql,
    )
    inside = "bad_events[1].detail" if source == "cvat_client_batches" else "null"
    row = connection.execute(
        f"select line_number, coalesce(detail, {inside}) from ({checked})"
        f" where coalesce(reason, {inside}) is not null order by line_number limit 1",
        {"lines": list(lines)},
    ).fetchone()
    return row and (row[0], row[1])
