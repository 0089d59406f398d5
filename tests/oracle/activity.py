"""fct_activity: who was active or idle where, by three methods, of which one a day counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .buckets import local_date
from .clock import derive, replay
from .typed import Batch, CvatRow, Dims, Sample


class Activity(NamedTuple):
    """One stretch of a user's time."""

    dims: Dims
    method: str
    status: str
    surface: str | None
    role: str | None
    start_ms: int
    end_ms: int


def reported_by_cvat(rows: Iterable[CvatRow]) -> list[Activity]:
    """Return the working time that CVAT itself stored, of both its eras."""
    by_user: dict[str | None, list[CvatRow]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
    stretches = []
    for user_rows in by_user.values():
        new_era = [row.at_ms for row in user_rows if row.scope == "send:working_time"]
        for row in user_rows:
            if row.scope == "send:working_time":
                stretches.append(_cvat(row.dims(), "reported", row.at_ms, row.duration_ms))
            elif row.source == "client" and (not new_era or row.at_ms < min(new_era)):
                worked = row.payload_value("working_time")
                if isinstance(worked, int | Decimal) and not isinstance(worked, bool):
                    end = row.at_ms + (row.duration_ms if row.scope == "change:frame" else 0)
                    worked_ms = int(worked)
                    stretches.append(_cvat(row.dims(), "reported", end - worked_ms, worked_ms))
    return stretches


def replayed(batches: Iterable[Batch], threshold_ms: int) -> list[Activity]:
    """Return the working time of captured batches by CVAT's own clock."""
    return [
        _cvat(earned.dims, "replayed", earned.start_ms, earned.working_ms)
        for batch in batches
        for earned in replay(batch, threshold_ms)
    ]


def derived(rows: Iterable[CvatRow], threshold_ms: int, cutoff_ms: int) -> list[Activity]:
    """Return the time between the stored client rows of each user."""
    by_user: dict[str | None, list[CvatRow]] = defaultdict(list)
    for row in rows:
        if row.source == "client":
            by_user[row.user_id].append(row)
    return [
        _cvat(s.dims, "derived", s.start_ms, s.end_ms - s.start_ms, s.status)
        for user_rows in by_user.values()
        for s in derive(user_rows, threshold_ms, cutoff_ms)
    ]


def _cvat(dims: Dims, method: str, start_ms: int, ms: int, status: str = "active") -> Activity:
    surface = "browser" if dims.assignment_id is None else "studio"
    return Activity(dims, method, status, surface, None, start_ms, start_ms + ms)


def from_platform(samples: Iterable[Sample]) -> list[Activity]:
    """Return the stretches of `activity` samples; they count as reported."""
    return [
        Activity(s.dims, "reported", s.action, s.value("surface"), s.role, s.start_ms, s.end_ms)
        for s in samples
        if s.event_type == "activity"
    ]


def counted(stretches: Iterable[Activity], methods: list[str], zone: ZoneInfo) -> list[Activity]:
    """Return the stretches of the best method that each user and local day has."""
    by_day: dict[tuple, list[Activity]] = defaultdict(list)
    for stretch in stretches:
        by_day[stretch.dims.user_id, local_date(stretch.start_ms, zone)].append(stretch)
    result = []
    for day in by_day.values():
        present = {stretch.method for stretch in day}
        best = next((method for method in methods if method in present), None)
        result += [stretch for stretch in day if stretch.method == best]
    return result
