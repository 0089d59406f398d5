"""The files of a demo log, each in the form in which its source would deliver it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple, TextIO

from orchestration.demo.clock import Owner
from orchestration.demo.timeline import DAY_MS, Timeline, date_of, moment
from orchestration.demo.truth import Truth, add_batch

COLUMN_NAMES = (
    "scope obj_name obj_id obj_val source timestamp count duration project_id task_id job_id "
    "user_id user_name user_email org_id org_slug payload access_token_id"
)
EXCEPTION = "send:exception"


class Row(NamedTuple):
    """One event as CVAT stores it; times in epoch microseconds, `owner` is job, task, project."""

    arrived_us: int
    at_us: int
    scope: str
    source: str
    owner: Owner
    user: tuple[int, str, str]  # id, name, email
    org: tuple[int, str]  # id, slug
    payload: str
    obj_name: str | None = None
    obj_id: int | None = None
    obj_val: str | None = None
    count: int | None = None
    duration: int = 0


class Batch(NamedTuple):
    """A captured client batch as a line of JSON, with what it earned (owner, ms, stamp ms)."""

    line: str
    user_id: int
    account: list[tuple[Owner, int, int]]


@dataclass
class Outbox:
    """What waits for the end of its day, and the files that are open."""

    root: Path
    timeline: Timeline
    truth: Truth
    rng: Random
    rows: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    batches: dict[int, list[Batch]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, TextIO] = field(default_factory=dict)
    row_counts: Counter[str] = field(default_factory=Counter)
    line_counts: Counter[str] = field(default_factory=Counter)
    handed_over: int = 0  # events and samples, each as often as it is written
    distinct: int = 0  # events


def copies(timeline: Timeline, day: int) -> int:
    """Return how many files hold the rows of a day."""
    return 2 if timeline.csv_end <= day < timeline.overlap_end else 1


def is_stored(timeline: Timeline, scope: str, at_us: int) -> bool:
    """Return whether an event stands in any file: CSV exports leave exceptions out."""
    return scope != EXCEPTION or at_us // 1000 // DAY_MS >= timeline.csv_end


def put_row(outbox: Outbox, row: Row, late_day: int = 0) -> None:
    """Hand over an event; `late_day` is the day of the file that brings it, if that is later."""
    if is_stored(outbox.timeline, row.scope, row.at_us):
        day = max(row.at_us // 1000 // DAY_MS, late_day)
        outbox.rows[day].append(row)
        outbox.distinct += 1
        outbox.handed_over += copies(outbox.timeline, day)


def close_day(outbox: Outbox, day: int) -> None:
    """Write what a day's files hold."""
    rows = outbox.rows.pop(day, [])
    if day < outbox.timeline.overlap_end:
        _write_csv(outbox, day, sorted(rows, key=lambda r: r.at_us))
    if day >= outbox.timeline.csv_end:
        name = f"cvat/events_{date_of(day)}.jsonl"
        lines = [_json_line(row) for row in sorted(rows, key=lambda r: r.arrived_us)]
        _write_lines(outbox, name, lines)
        _close(outbox, name)
    year, week, _ = date_of(day).isocalendar()
    name = f"client_batches/{year}-W{week:02d}.jsonl"
    for batch in outbox.batches.pop(day, []):
        _write_lines(outbox, name, [batch.line])
        add_batch(outbox.truth, name, outbox.line_counts[name], batch.user_id, batch.account)


def write_samples(outbox: Outbox, day: int, samples: Sequence[dict]) -> None:
    """Append a day's samples; a few lines are arrays, as the SDK posts them."""
    name = f"platform/samples_{date_of(day):%Y-%m}.jsonl"
    outbox.handed_over += len(samples)
    index = 0
    while index < len(samples):
        if outbox.rng.random() < 0.01:
            group = samples[index : index + outbox.rng.randint(2, 5)]
            _write_lines(outbox, name, [json.dumps(group)], rows=len(group))
        else:
            group = samples[index : index + 1]
            _write_lines(outbox, name, [json.dumps(group[0])])
        index += len(group)


def close_all(outbox: Outbox) -> None:
    """Write the rows that are left and close every file."""
    for day in sorted(outbox.rows.keys() | outbox.batches.keys()):
        close_day(outbox, day)
    for name in list(outbox.files):
        _close(outbox, name)


def csv_name(timeline: Timeline, day: int) -> str:
    """Return the CSV export that holds a day: whole months, cut at the server's upgrade."""
    if day >= timeline.csv_end:
        start, end = timeline.csv_end, timeline.overlap_end
        return f"cvat/events_{date_of(start)}_{date_of(end - 1)}.csv.gz"
    when = date_of(day)
    month_start = day - when.day + 1
    month_end = month_start + monthrange(when.year, when.month)[1]
    before = day < timeline.upgrade
    start = max(month_start, timeline.first if before else timeline.upgrade)
    end = min(month_end, timeline.upgrade if before else timeline.csv_end)
    if (start, end) == (month_start, month_end):
        return f"cvat/events_{when:%Y-%m}.csv"
    return f"cvat/events_{date_of(start)}_{date_of(end - 1)}.csv"


def _write_csv(outbox: Outbox, day: int, rows: Iterable[Row]) -> None:
    rows = [row for row in rows if row.scope != EXCEPTION]
    if not rows:
        return
    name = csv_name(outbox.timeline, day)
    is_new = name not in outbox.files
    writer = csv.writer(_open(outbox, name), lineterminator="\r\n")
    # Exports from before the upgrade come from a server that has no access tokens yet.
    has_tokens = day >= outbox.timeline.upgrade
    if is_new:
        columns = COLUMN_NAMES.split()
        writer.writerow(columns if has_tokens else columns[:-1])
    for row in rows:
        job_id, task_id, project_id = row.owner
        fields = [
            row.scope,
            row.obj_name,
            row.obj_id,
            row.obj_val,
            row.source,
            str(moment(row.at_us // 1000)),
            row.count,
            row.duration,
            project_id,
            task_id,
            job_id,
            *row.user,
            *row.org,
            row.payload,
        ]
        writer.writerow([*fields, None] if has_tokens else fields)
    outbox.row_counts[name] += len(rows)


def _json_line(row: Row) -> str:
    job_id, task_id, project_id = row.owner
    event = {
        "scope": row.scope,
        "obj_name": row.obj_name,
        "obj_id": row.obj_id,
        "obj_val": row.obj_val,
        "source": row.source,
        "timestamp": str(row.at_us / 1_000_000),
        "count": row.count,
        "duration": row.duration,
        "project_id": project_id,
        "task_id": task_id,
        "job_id": job_id,
        "user_id": row.user[0],
        "user_name": row.user[1],
        "user_email": row.user[2],
        "org_id": row.org[0],
        "org_slug": row.org[1],
        "payload": row.payload,
    }
    return json.dumps({key: value for key, value in event.items() if value is not None})


def _write_lines(
    outbox: Outbox, name: str, lines: Sequence[str], *, rows: int | None = None
) -> None:
    if lines:
        _open(outbox, name).write("\n".join(lines) + "\n")
        outbox.line_counts[name] += len(lines)
        outbox.row_counts[name] += len(lines) if rows is None else rows


def _open(outbox: Outbox, name: str) -> TextIO:
    if name not in outbox.files:
        path = outbox.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".gz"):
            # No time in the header: the same log is the same bytes.
            stream = gzip.GzipFile(path, "wb", compresslevel=6, mtime=0)
            outbox.files[name] = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        else:
            outbox.files[name] = path.open("w", encoding="utf-8", newline="")
    return outbox.files[name]


def _close(outbox: Outbox, name: str) -> None:
    file = outbox.files.pop(name, None)
    if file is not None:
        file.close()
