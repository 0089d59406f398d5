"""Up to when the lake holds data."""

from __future__ import annotations

from orchestration.home import Home

EVENT_TIME = {
    "cvat_events": "timestamp",
    "cvat_client_batches": "received_at",
    "platform_samples": "started_at",
}
"""Source -> the column that says when a row happened."""


def data_through(home: Home) -> dict[str, str | None]:
    """Return for each source the time of its latest landed row (UTC, ISO), None where none is."""
    import duckdb

    through: dict[str, str | None] = {}
    with duckdb.connect() as engine:
        for source, column in EVENT_TIME.items():
            files = [str(path) for path in sorted(home.lake.glob(f"*/{source}.parquet"))]
            if not files:
                through[source] = None
                continue
            row = engine.execute(
                f'select max("{column}") from read_parquet($files)', {"files": files}
            ).fetchone()
            through[source] = row[0].isoformat(sep=" ") if row and row[0] else None
    return through
