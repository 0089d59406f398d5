"""`warehouse export-events`: CVAT's events as CVAT itself would export them."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.publish.publication import file_to_read


def run(arguments: Namespace, home: Home) -> int:
    """Write the events to a file or to the standard output."""
    from orchestration.export import EventFilter, csv_of_events, opened, to_file, to_stdout

    first_at = read_time(arguments.first, "--from")
    last_at = read_time(arguments.last, "--to", whole_day=True)
    if first_at and last_at and first_at > last_at:
        raise UsageError(f"--from is {arguments.first}, which is after --to, {arguments.last}")
    ids = ("org_id", "project_id", "task_id", "job_id", "user_id")
    chosen = EventFilter(
        **{name: str(vars(arguments)[name]) for name in ids if vars(arguments)[name] is not None},
        first_at=first_at,
        last_at=last_at,
    )
    with opened(file_to_read(home, arguments.build)) as warehouse:
        pieces = csv_of_events(warehouse, chosen, exceptions=arguments.exceptions)
        if arguments.out is None:
            to_stdout(pieces)
        else:
            with to_file(Path(arguments.out).expanduser()) as path, path.open("wb") as file:
                file.writelines(pieces)
    return 0


def read_time(text: str | None, name: str, *, whole_day: bool = False) -> datetime | None:
    """Return an ISO 8601 time as UTC without a zone; what names no zone is UTC.

    A day is its first instant, or its last one with `whole_day`. Raises UsageError.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        is_day = "T" not in text and " " not in text
        at = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
        return at + timedelta(days=1, microseconds=-1) if is_day and whole_day else at
    except (ValueError, OverflowError):
        raise UsageError(
            f"{name} is {text!r}; it must be a day or a time, such as 2026-01-31 or"
            " 2026-01-31T08:00:00+01:00"
        ) from None
