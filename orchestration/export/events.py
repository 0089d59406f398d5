"""CVAT's export of events: the bytes that its `GET /api/events` would give for the same events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from orchestration.errors import WarehouseError
from orchestration.landing.schemas import CVAT_COLUMNS

ROWS_AT_ONCE = 2048
"""How many lines are in memory beside what is being sorted."""


@dataclass(frozen=True)
class EventFilter:
    """Which events of CVAT to export; None is no filter. Times are UTC without a zone."""

    org_id: str | None = None
    project_id: str | None = None
    task_id: str | None = None
    job_id: str | None = None
    user_id: str | None = None
    first_at: datetime | None = None
    """The earliest event time, itself included."""
    last_at: datetime | None = None
    """The latest event time, itself included."""


_CONDITIONS = {
    "org_id": "org_id = $org_id",
    "project_id": "project_id = $project_id",
    "task_id": "task_id = $task_id",
    "job_id": "assignment_id = $job_id",
    "user_id": "user_id = $user_id",
    "first_at": "event_at >= $first_at",
    "last_at": "event_at <= $last_at",
}


def _quoted(text: str) -> str:
    """Return the text in quotes where Python's csv module would write it so, null as nothing."""
    return (
        f"case when regexp_matches({text}, '[\",\\r\\n]')"
        f""" then '"' || replace({text}, '"', '""') || '"'"""
        f" else coalesce({text}, '') end"
    )


def _plain(value: str) -> str:
    """Return a value that never needs quotes, null as nothing."""
    return f"coalesce(cast({value} as varchar), '')"


_FIELDS = {
    "scope": _quoted("scope"),
    "obj_name": _quoted("object_name"),
    "obj_id": _plain("object_id"),
    "obj_val": _quoted("object_value"),
    "source": _quoted("events.source"),
    # As Python writes a time: microseconds, and none where the fraction is 0.
    "timestamp": "strftime(event_at, '%Y-%m-%d %H:%M:%S')"
    " || case when event_at = date_trunc('second', event_at) then ''"
    " else strftime(event_at, '.%f') end || '+00:00'",
    "count": _plain("object_count"),
    "duration": _plain("duration_ms"),
    "project_id": _plain("project_id"),
    "task_id": _plain("task_id"),
    "job_id": _plain("assignment_id"),
    "user_id": _plain("user_id"),
    "user_name": _quoted("user_name"),
    "user_email": _quoted("user_email"),
    "org_id": _plain("org_id"),
    "org_slug": _quoted("org_slug"),
    "payload": _quoted("payload"),
    "access_token_id": _plain("access_token_id"),
}
"""CVAT's column -> the text that its export holds, out of core.fct_events."""

_LINE = " || ',' || ".join(f"({_FIELDS[name]})" for name in CVAT_COLUMNS) + r" || e'\r\n'"

HEADER = (",".join(CVAT_COLUMNS) + "\r\n").encode()


def csv_of_events(
    warehouse: duckdb.DuckDBPyConnection, chosen: EventFilter, *, exceptions: bool = False
) -> Iterator[bytes | memoryview]:
    """Yield the export piece by piece: header first, then whole lines in order of event time.

    Events of one millisecond stand as in the file that they came from; those of several files,
    file by file. `exceptions` adds `send:exception`, which CVAT leaves out since 2.36. Memory does
    not grow with the export. Raises WarehouseError where the file cannot give it.
    """
    given = {name: value for name, value in asdict(chosen).items() if value is not None}
    conditions = ["source_system = 'cvat'", *(_CONDITIONS[name] for name in given)]
    if not exceptions:
        conditions.append("scope <> 'send:exception'")
    try:
        lines = warehouse.execute(
            f"""
            select {_LINE}
            from core.fct_events as events
            inner join quality.event_origins as origins using (event_id)
            where origins.is_accepted and {" and ".join(conditions)}
            order by
                events.event_at,
                origins.file_id,
                origins.line_number,
                origins.line_position
            """,
            given,
        ).to_arrow_reader(ROWS_AT_ONCE)
        yield HEADER
        for batch in lines:
            yield _text_of(batch.column(0))
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"The events cannot be exported: {line}") from error


def _text_of(column) -> memoryview:
    """Return what a column of long strings without nulls holds, one after the other, uncopied."""
    _, offsets, text = column.buffers()
    ends = memoryview(offsets).cast("q")
    return memoryview(text)[ends[column.offset] : ends[column.offset + len(column)]]
