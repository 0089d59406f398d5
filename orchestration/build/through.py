"""Up to when the lake holds data."""

from __future__ import annotations

from orchestration.home import Home

EVENT_TIMES = {
    "cvat_events": ("timestamp",),
    "cvat_client_batches": ("received_at",),
    "platform_samples": ("started_at",),
    "appraise": ("opened_at", "saved_at"),
    "zooniverse": ("opened_at", "saved_at"),
}
"""Source -> the columns that say when a row happened, the latest last."""


def data_through(home: Home) -> dict[str, str | None]:
    """Return for each source the time of its latest landed row (UTC, ISO), None where none is."""
    import duckdb

    through: dict[str, str | None] = {}
    with duckdb.connect() as engine:
        for source, columns in EVENT_TIMES.items():
            files = [str(path) for path in sorted(home.lake.glob(f"*/{source}.parquet"))]
            if not files:
                through[source] = None
                continue
            row = engine.execute(
                f'select max("{columns[-1]}") from read_parquet($files)', {"files": files}
            ).fetchone()
            through[source] = row[0].isoformat(sep=" ") if row and row[0] else None
    return through
