"""Day by day: who works, what is written, how far the log has come."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from orchestration.demo.days import (
    cvat_crew,
    open_studio,
    platform_crew,
    run_cvat_day,
    run_platform_day,
)
from orchestration.demo.timeline import date_of, make_timeline
from orchestration.demo.truth import Truth, write_truth
from orchestration.demo.workflow import PROJECTS, Board
from orchestration.demo.writers import Outbox, close_all, close_day, write_samples

LAST_DAY = date(2026, 10, 31)
LEAST_EVENTS, LEAST_DAYS = 1_000, 4
SAMPLE_SHARE = 0.2
AIM = 0.97
"""Share of `events` that rows and samples aim at: client batches come on top."""
MOST_ROWS_A_DAY = 2_500.0


@dataclass(frozen=True)
class DemoSummary:
    """What was written. `rows` are CVAT events and `samples` platform samples, as in the files."""

    out: Path
    files: int
    rows: int
    samples: int
    batches: int
    distinct_events: int
    users: int
    jobs: int
    projects: int
    first_day: date
    last_day: date

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.rows:,} CVAT events, {self.samples:,} platform samples and "
            f"{self.batches:,} client batches in {self.files} files, "
            f"{self.first_day} to {self.last_day}: {self.out}"
        )


def write_demo(
    out: Path,
    *,
    events: int,
    days: int,
    users: int,
    seed: int,
    last_day: date = LAST_DAY,
    report: Callable[[int, int], None] | None = None,
) -> DemoSummary:
    """Write a demo log of about `events` rows over `days` days into the folder `out`.

    The folder appears when it is complete. `users` counts the people of CVAT; `report(done, total)`
    is told the rows so far. Raises ValueError when the numbers do not fit together and
    FileExistsError when `out` is not empty; both say what to do.
    """
    _check(out, events, days, users)
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    timeline = make_timeline(last_day, days)
    truth = Truth()
    outbox = Outbox(partial, timeline, truth, Random(f"{seed}/files"))
    board = _simulate(outbox, truth, events=events, users=users, seed=seed, report=report)
    close_all(outbox)
    summary = _summary(out, outbox, board, users)
    write_truth(truth, partial / "_truth", _as_json(summary, outbox))
    os.replace(partial, out)
    return summary


def _check(out: Path, events: int, days: int, users: int) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} is not empty: name another folder, or remove it first")
    if events < LEAST_EVENTS or days < LEAST_DAYS or users < 1:
        raise ValueError(
            f"A demo log needs at least {LEAST_EVENTS:,} events, {LEAST_DAYS} days and 1 user: "
            f"got {events:,}, {days} and {users}"
        )
    most = int(users * days * 5 / 7 * MOST_ROWS_A_DAY)
    if events > most:
        raise ValueError(
            f"{users} users write at most some {most:,} events in {days} days, not {events:,}: "
            "ask for more users or more days"
        )


def _simulate(
    outbox: Outbox,
    truth: Truth,
    *,
    events: int,
    users: int,
    seed: int,
    report: Callable[[int, int], None] | None,
) -> Board:
    timeline, rows = outbox.timeline, int(events * AIM)
    board = Board(Random(f"{seed}/jobs"))
    annotators = cvat_crew(timeline, rows, users, seed)
    others = platform_crew(timeline, int(rows * SAMPLE_SHARE), users, seed)
    studio = open_studio(others, timeline, truth)
    sample_count = 0
    for day in range(timeline.first, timeline.last + 1):
        samples = run_platform_day(timeline, others, studio, day, sample_count)
        sample_count += len(samples)
        write_samples(outbox, day, samples)
        run_cvat_day(outbox, annotators, board, day)
        close_day(outbox, day)
        if report:
            report(min(events, outbox.handed_over), events)
    if report:
        report(events, events)
    return board


def _summary(out: Path, outbox: Outbox, board: Board, users: int) -> DemoSummary:
    def total(folder: str) -> int:
        return sum(n for name, n in outbox.row_counts.items() if name.startswith(folder))

    return DemoSummary(
        out=out,
        files=len(outbox.row_counts),
        rows=total("cvat/"),
        samples=total("platform/"),
        batches=total("client_batches/"),
        distinct_events=outbox.distinct,
        users=users,
        jobs=len(board.jobs),
        projects=len(PROJECTS),
        first_day=date_of(outbox.timeline.first),
        last_day=date_of(outbox.timeline.last),
    )


def _as_json(summary: DemoSummary, outbox: Outbox) -> dict[str, object]:
    return {
        "rows_by_file": dict(sorted(outbox.row_counts.items())),
        "events_stored": summary.rows,
        "distinct_events": summary.distinct_events,
        "samples": summary.samples,
        "batches": summary.batches,
        "users": summary.users,
        "jobs": summary.jobs,
        "projects": summary.projects,
        "first_day": str(summary.first_day),
        "last_day": str(summary.last_day),
    }
