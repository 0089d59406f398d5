"""Buckets of the six granularities, as half-open windows of epoch milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from .typed import EPOCH

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")
FIXED_MS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000}


class HasTime(Protocol):
    start_ms: int
    end_ms: int


class Calendar(NamedTuple):
    """One granularity in one reporting time zone (days, weeks and months are local)."""

    granularity: str
    zone: ZoneInfo

    def start(self, at_ms: int) -> int:
        """Return the start of the bucket that holds an instant."""
        if self.granularity in FIXED_MS:
            return at_ms - at_ms % FIXED_MS[self.granularity]
        day = local_date(at_ms, self.zone)
        if self.granularity == "week":
            day -= timedelta(days=day.weekday())
        if self.granularity == "month":
            day = day.replace(day=1)
        return _midnight(day, self.zone)

    def end(self, start_ms: int) -> int:
        """Return the end of the bucket that starts here, which is the next one's start."""
        if self.granularity in FIXED_MS:
            return start_ms + FIXED_MS[self.granularity]
        day = local_date(start_ms, self.zone)
        if self.granularity == "month":
            # The 1st plus 32 days lies in the next month, whatever the month.
            return _midnight((day + timedelta(days=32)).replace(day=1), self.zone)
        return _midnight(day + timedelta(days=7 if self.granularity == "week" else 1), self.zone)

    def pieces(self, start_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
        """Yield (bucket, milliseconds in it) of a stretch."""
        while start_ms < end_ms:
            bucket = self.start(start_ms)
            stop = min(end_ms, self.end(bucket))
            yield bucket, stop - start_ms
            start_ms = stop


def local_date(at_ms: int, zone: ZoneInfo | Any = UTC) -> date:
    """Return the calendar day of an instant in a zone."""
    return (EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone).date()


def instant(at_ms: int) -> datetime:
    """Return epoch milliseconds as a naive UTC datetime."""
    return EPOCH.replace(tzinfo=None) + timedelta(milliseconds=at_ms)


def _midnight(day: date, zone: ZoneInfo) -> int:
    # Where midnight does not exist, fold=0 gives the instant at which the day begins.
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (local.astimezone(UTC) - EPOCH) // timedelta(milliseconds=1)


def time_by(
    stretches: Iterable[HasTime], calendar: Calendar, key: Callable[[Any], Any]
) -> dict[tuple[int, Any], int]:
    """Return (bucket, key of the stretch) -> milliseconds."""
    totals: dict[tuple[int, Any], int] = defaultdict(int)
    for stretch in stretches:
        of = key(stretch)
        for bucket, ms in calendar.pieces(stretch.start_ms, stretch.end_ms):
            totals[bucket, of] += ms
    return totals


def events_by(
    events: Iterable[Any], calendar: Calendar, key: Callable[[Any], Any]
) -> dict[tuple[int, Any], list[Any]]:
    """Return (bucket of the event's time, key of the event) -> the events."""
    groups: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    for event in events:
        groups[calendar.start(event.at_ms), key(event)].append(event)
    return groups
