"""One export of events: who asked for what, how far it is, and its record on disk."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from orchestration.export import EventFilter


class Status(StrEnum):
    """How far an export is, in CVAT's words."""

    QUEUED = "queued"
    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"


ENDED = (Status.FINISHED, Status.FAILED)


@dataclass(frozen=True)
class Job:
    """One export. Times are UTC."""

    id: str
    owner_id: str
    owner_name: str
    chosen: EventFilter
    filename: str | None
    """What the file is to be called where it is downloaded; None is a name with its time."""
    created_at: datetime
    status: Status = Status.QUEUED
    starts: int = 0
    """How often the making of it was begun."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    expires_at: datetime | None = None
    """When it and its file are removed."""
    message: str = ""
    """Why it failed."""
    size: int | None = None
    """Bytes of the finished file."""


TIMES = ("created_at", "started_at", "ended_at", "expires_at")
FILTER_TIMES = ("first_at", "last_at")


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


def save(job: Job, file: Path) -> None:
    """Write the record in one step, and onto the disk before this returns. Raises OSError."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as out:
        json.dump(asdict(job), out, default=datetime.isoformat)
        out.flush()
        os.fsync(out.fileno())
    os.replace(unfinished, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(file: Path) -> Job:
    """Read a record. Raises OSError, and ValueError or TypeError where it is none."""
    said = json.loads(file.read_text(encoding="utf-8"))
    chosen = EventFilter(**_timed(said.pop("chosen"), FILTER_TIMES))
    return Job(**_timed(said, TIMES) | {"chosen": chosen, "status": Status(said["status"])})


def _timed(said: dict, times: tuple[str, ...]) -> dict:
    return said | {name: datetime.fromisoformat(said[name]) for name in times if said[name]}
