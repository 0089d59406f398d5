"""The ground truth: what the simulation decided, kept apart from what it wrote into the logs."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.demo.clock import Owner
from orchestration.demo.timeline import DAY_MS, date_of, iso


@dataclass
class Truth:
    """Sums that grow while the demo runs."""

    working_time: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    activity: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    actions: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    batches: list[tuple] = field(default_factory=list)


def add_working_time(truth: Truth, user_id: int, start_ms: int, owner: Owner, ms: int) -> None:
    """Note reported time that a stored row carries; `start_ms` is where its stretch starts."""
    truth.working_time[user_id, start_ms // DAY_MS, *owner] += ms


def add_activity(
    truth: Truth, user_id: str, start_ms: int, status: str, surface: str, ms: int
) -> None:
    """Note one activity sample of a platform user."""
    truth.activity[user_id, start_ms // DAY_MS, status, surface] += ms


def add_action(
    truth: Truth, at_ms: int, user_id: int | str, job_id: int | str, action: str, objects: int
) -> None:
    """Note objects created, updated or deleted; a platform's assignment stands for the job."""
    truth.actions[at_ms // DAY_MS, str(user_id), str(job_id), action] += objects


def add_batch(
    truth: Truth, file: str, line: int, user_id: int, account: Iterable[tuple[Owner, int, int]]
) -> None:
    """Note what a captured batch earned; stamps are server times in epoch ms."""
    for owner, ms, stamp in account:
        truth.batches.append((file, line, user_id, *owner, ms, iso(stamp)))


def write_truth(truth: Truth, folder: Path, summary: dict[str, object]) -> None:
    """Write the tables and the summary into `folder`."""
    folder.mkdir()
    _write(
        folder / "batches.csv",
        "file line_number user_id job_id task_id project_id working_ms reported_at",
        truth.batches,
    )
    _write(
        folder / "working_time.csv",
        "user_id day job_id task_id project_id reported_ms",
        sorted(
            ((key[0], date_of(key[1]), *key[2:], ms) for key, ms in truth.working_time.items()),
            key=str,
        ),
    )
    _write(
        folder / "activity.csv",
        "user_id day status surface ms",
        sorted((key[0], date_of(key[1]), *key[2:], ms) for key, ms in truth.activity.items()),
    )
    _write(
        folder / "actions.csv",
        "day user_id job_id action objects",
        sorted((date_of(key[0]), *key[1:], n) for key, n in truth.actions.items()),
    )
    text = json.dumps(summary, indent=2) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")


def _write(path: Path, columns: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(rows)
