"""The two clocks of working time: CVAT's own for a posted batch, ours for stored rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from .buckets import local_date
from .typed import Batch, ClientEvent, CvatRow, Dims


class Earned(NamedTuple):
    """What one owner earned in a batch: the stretch [start_ms, start_ms + working_ms)."""

    dims: Dims
    start_ms: int
    working_ms: int


class Stretch(NamedTuple):
    """A stretch of a user's time by the derived clock."""

    dims: Dims
    status: str
    start_ms: int
    end_ms: int


def replay(batch: Batch, threshold_ms: int) -> list[Earned]:
    """Return what CVAT would report for a batch, one entry an owner with a non-zero sum."""
    if not batch.events:
        return []
    before = batch.previous or batch.events[0]
    clock = _end_us(batch.previous) if batch.previous else before.at_us
    owner = _owner(before)
    sums: dict[tuple, int] = {}
    stamps: dict[tuple, int] = {}
    for event in batch.events:
        earned = 0
        if event.at_us > clock:
            gap = event.at_us - clock
            if gap < threshold_ms * 1000:
                earned += gap
            clock = event.at_us
        if _end_us(event) > clock:
            earned += _end_us(event) - clock
            clock = _end_us(event)
        stamps.setdefault(owner, event.at_us)
        sums[owner] = sums.get(owner, 0) + earned
        owner = _owner(event)
    return [
        Earned(
            dims=Dims(
                user_id=batch.user_id,
                org_id=batch.org_id,
                project_id=project,
                task_id=task,
                assignment_id=job,
            ),
            start_ms=(stamps[job, task, project] + batch.shift_us()) // 1000,
            working_ms=total // 1000,
        )
        for (job, task, project), total in sums.items()
        if total > 0
    ]


def _end_us(event: ClientEvent) -> int:
    return event.at_us + (event.duration_ms * 1000 if event.scope == "change:frame" else 0)


def _owner(event: ClientEvent) -> tuple:
    return event.job_id, event.task_id, event.project_id


def derive(rows: Iterable[CvatRow], threshold_ms: int, cutoff_ms: int) -> list[Stretch]:
    """Return the active and idle stretches of ONE user's client rows."""

    def end_of(row: CvatRow) -> int:
        capped = min(row.duration_ms, cutoff_ms) if row.scope == "change:frame" else 0
        return row.at_ms + capped

    ordered = sorted(rows, key=lambda row: (row.at_ms, end_of(row), row.scope, repr(row)))
    stretches: list[Stretch] = []

    def add(status: str, start_ms: int, end_ms: int, position: int) -> None:
        if end_ms > start_ms:
            row = ordered[position]
            item = _item_in_force(ordered[: position + 1], start_ms)
            stretches.append(Stretch(row.dims()._replace(item_id=item), status, start_ms, end_ms))

    clock = None
    for position, row in enumerate(ordered):
        gap = None if clock is None else row.at_ms - clock
        if gap is None or gap > cutoff_ms:
            if gap is not None:
                add("idle", clock, clock + cutoff_ms, position - 1)
            # Back from being away: what this event earns is its own, and no item is in force.
            if end_of(row) > row.at_ms:
                stretches.append(Stretch(row.dims(), "active", row.at_ms, end_of(row)))
            clock = end_of(row)
            continue
        if gap > 0:
            add("active" if gap < threshold_ms else "idle", clock, row.at_ms, position - 1)
        add("active", max(clock, row.at_ms), end_of(row), position - 1)
        clock = max(clock, end_of(row))
    return stretches


def _item_in_force(past: list[CvatRow], start_ms: int) -> str | None:
    """Return `<task>:<frame>` of the last frame change in the last event's job and UTC day."""
    last = past[-1]
    if local_date(last.at_ms) != local_date(start_ms):
        return None
    for row in reversed(past):
        if local_date(row.at_ms) != local_date(last.at_ms):
            return None
        if row.scope == "change:frame" and row.job_id == last.job_id:
            frame: Any = row.payload_value("to")
            known = None not in (frame, row.task_id, row.job_id)
            if frame is not None:
                return f"{row.task_id}:{frame}" if known else None
    return None
