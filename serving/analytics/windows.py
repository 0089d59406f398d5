"""A window cut into what is stored: whole months, days and hours of a roll-up, the rest from facts.

All instants are epoch milliseconds. Every instant of the window lies in exactly one read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
FIXED_MS = {"second": 1000, "minute": 60_000, "hour": HOUR_MS}
"""Units that are equally long in every zone."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Read:
    """Rows of a stretch of time, [start_ms, end_ms), and the bucket that they fall into."""

    start_ms: int
    end_ms: int
    stored: str | None
    """The granularity at which the roll-up is read; None: the facts."""
    bucket: int | str
    """An instant: all rows fall into that bucket. A unit: the bucket is the start of that UTC unit.
    `stored`: that of the stored row. `listed`: that of Plan.buckets in which the row lies."""


@dataclass(frozen=True)
class Bucket:
    """One bucket of a window: where it starts, and the part of it within the window."""

    starts_ms: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Plan:
    """What to read for a window, and its buckets, where they are few enough to be listed."""

    reads: list[Read]
    buckets: list[Bucket]


class Calendar:
    """Buckets of a time zone: where they start. Weeks start on Monday."""

    def __init__(self, zone: str) -> None:
        """Take the name of a zone that exists."""
        self.zone: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)

    def floor(self, unit: str, at_ms: int) -> int:
        """Return where the bucket of an instant starts."""
        if unit in FIXED_MS:
            return at_ms - at_ms % FIXED_MS[unit]
        return self._instant(_truncated(unit, self._wall_clock(at_ms)))

    def after(self, unit: str, start_ms: int) -> int:
        """Return where the bucket ends that starts here."""
        if unit in FIXED_MS:
            return start_ms + FIXED_MS[unit]
        wall_clock = _truncated(unit, self._wall_clock(start_ms))
        while True:
            wall_clock = _next(unit, wall_clock)
            # A day that the zone skipped starts where the next one does.
            if (end_ms := self._instant(wall_clock)) > start_ms:
                return end_ms

    def ceil(self, unit: str, at_ms: int) -> int:
        """Return the first start of a bucket at or after an instant."""
        start_ms = self.floor(unit, at_ms)
        return start_ms if start_ms == at_ms else self.after(unit, start_ms)

    def buckets(self, unit: str, start_ms: int, end_ms: int) -> Iterator[Bucket]:
        """Yield the buckets that a window meets."""
        at_ms = self.floor(unit, start_ms)
        while at_ms < end_ms:
            next_ms = self.after(unit, at_ms)
            yield Bucket(at_ms, max(at_ms, start_ms), min(next_ms, end_ms))
            at_ms = next_ms

    def _wall_clock(self, at_ms: int) -> datetime:
        return (EPOCH + at_ms * MILLISECOND).astimezone(self.zone).replace(tzinfo=None)

    def _instant(self, wall_clock: datetime) -> int:
        # The first instant that showed it, or at which it was skipped: what fold=0 says.
        return (wall_clock.replace(tzinfo=self.zone, fold=0) - EPOCH) // MILLISECOND


def _truncated(unit: str, wall_clock: datetime) -> datetime:
    midnight = wall_clock.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "week":
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if unit == "month" else midnight


def _next(unit: str, midnight: datetime) -> datetime:
    if unit == "month":
        return (midnight + timedelta(days=31)).replace(day=1)
    return midnight + timedelta(days=7 if unit == "week" else 1)


def count_of_buckets(granularity: str, start_ms: int, end_ms: int) -> int:
    """Return about how many buckets a window has, one too many at most."""
    shortest_ms = {**FIXED_MS, "day": 22 * HOUR_MS, "week": 166 * HOUR_MS, "month": 671 * HOUR_MS}
    return (end_ms - start_ms) // shortest_ms[granularity] + 2


def plan(
    start_ms: int, end_ms: int, granularity: str | None, zone: str, reporting_timezone: str
) -> Plan:
    """Return how to read a window for buckets of a zone; days are stored in the reporting one.

    Without a granularity the whole window is one bucket.
    """
    if granularity is None:
        whole = Bucket(start_ms, start_ms, end_ms)
        stored = Calendar(reporting_timezone)
        return Plan([*_cover(whole, ["month", "day", "hour"], stored)], [whole])
    if granularity in ("second", "minute"):
        return Plan([Read(start_ms, end_ms, None, granularity)], [])
    calendar = Calendar("UTC" if granularity == "hour" else zone)
    if granularity == "hour" or zone == reporting_timezone:
        return _plan_of_stored(start_ms, end_ms, granularity, calendar)
    buckets = [*calendar.buckets(granularity, start_ms, end_ms)]
    if any(bucket.starts_ms % HOUR_MS for bucket in buckets[1:]):
        return Plan([Read(start_ms, end_ms, None, "listed")], buckets)
    edges = [*_cover(Bucket(start_ms, start_ms, end_ms), ["hour"], calendar)]
    return Plan(
        [Read(one.start_ms, one.end_ms, one.stored, "listed") for one in edges],
        buckets,
    )


def plan_of_facts(start_ms: int, end_ms: int, granularity: str | None, zone: str) -> Plan:
    """Return the plan that reads facts alone."""
    if granularity is None:
        whole = Bucket(start_ms, start_ms, end_ms)
        return Plan([Read(start_ms, end_ms, None, start_ms)], [whole])
    if granularity in FIXED_MS or zone == "UTC":
        return Plan([Read(start_ms, end_ms, None, granularity)], [])
    buckets = [*Calendar(zone).buckets(granularity, start_ms, end_ms)]
    return Plan([Read(start_ms, end_ms, None, "listed")], buckets)


def _plan_of_stored(start_ms: int, end_ms: int, granularity: str, calendar: Calendar) -> Plan:
    """Whole buckets as they are stored; what is cut off by the window's edges from finer ones."""
    finer = {"hour": [], "day": ["hour"], "week": ["day", "hour"], "month": ["day", "hour"]}
    first_ms = calendar.ceil(granularity, start_ms)
    last_ms = calendar.floor(granularity, end_ms)
    if first_ms >= last_ms:
        buckets = [*calendar.buckets(granularity, start_ms, end_ms)]
        return Plan([one for b in buckets for one in _cover(b, finer[granularity], calendar)], [])
    reads = [Read(first_ms, last_ms, granularity, "stored")]
    for edge_start, edge_end in ((start_ms, first_ms), (last_ms, end_ms)):
        for bucket in calendar.buckets(granularity, edge_start, edge_end):
            reads += _cover(bucket, finer[granularity], calendar)
    return Plan(reads, [])


def _cover(bucket: Bucket, units: list[str], calendar: Calendar) -> Iterator[Read]:
    """Yield reads that cover a bucket, the coarsest whole units in the middle."""
    if bucket.start_ms >= bucket.end_ms:
        return
    if not units:
        yield Read(bucket.start_ms, bucket.end_ms, None, bucket.starts_ms)
        return
    unit, *finer = units
    first_ms = calendar.ceil(unit, bucket.start_ms)
    last_ms = calendar.floor(unit, bucket.end_ms)
    if first_ms >= last_ms:
        yield from _cover(bucket, finer, calendar)
        return
    yield from _cover(Bucket(bucket.starts_ms, bucket.start_ms, first_ms), finer, calendar)
    yield Read(first_ms, last_ms, unit, bucket.starts_ms)
    yield from _cover(Bucket(bucket.starts_ms, last_ms, bucket.end_ms), finer, calendar)
