"""The dates of a demo log: which day lands in which form, and how busy a day is.

Days are numbers: days since 1970-01-01 (UTC). Times are integer milliseconds since then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOLIDAYS = {(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)}
"""Month and day of the public holidays that everybody in the demo keeps."""

LATE_DAYS = 4
"""How many days late the laptop's logs arrive; from a Thursday or Friday, so in another week."""


@dataclass(frozen=True)
class Timeline:
    """The days of a log and the first day of each of its chapters (`*_end` is exclusive)."""

    first: int
    last: int
    upgrade: int  # from here on CVAT writes send:working_time
    capture: int  # from here on client batches are captured
    csv_end: int  # before it: CSV exports only
    overlap_end: int  # from csv_end to here: a CSV export and JSON lines of the same days


def make_timeline(last_day: date, days: int) -> Timeline:
    """Lay the chapters over `days` days that end with `last_day`."""
    last = number_of(last_day)
    first = last - days + 1
    month_start = number_of(last_day.replace(day=1))
    share = (month_start - first) / days
    csv_end = month_start if 0.3 <= share <= 0.95 else first + days // 2
    return Timeline(
        first=first,
        last=last,
        upgrade=first + max(1, days // 4),
        capture=last + 1 - max(1, days // 3),
        csv_end=csv_end,
        overlap_end=min(last, csv_end + max(3, days // 20)),
    )


def number_of(day: date) -> int:
    """Return the number of a date."""
    return (day - EPOCH.date()).days


def date_of(day: int) -> date:
    """Return the date of a day's number."""
    return EPOCH.date() + timedelta(days=day)


def moment(ms: int) -> datetime:
    """Return the UTC time of epoch milliseconds."""
    return EPOCH + timedelta(milliseconds=ms)


def iso(ms: int) -> str:
    """Write epoch milliseconds as a browser does: `2026-10-01T08:00:00.123Z`."""
    return moment(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def busyness(day: int) -> float:
    """Return a day's share of work, an ordinary weekday being 1."""
    when = date_of(day)
    if when.weekday() >= 5:
        return 0.02
    if (when.month, when.day) in HOLIDAYS:
        return 0.03
    return 0.88 if when.weekday() == 4 else 1.0


def delivery_day(timeline: Timeline, day: int) -> int:
    """Return the day in whose file a late laptop's work of `day` arrives: `day` if not late."""
    late = day + LATE_DAYS
    is_late = date_of(day).weekday() in (3, 4) and timeline.overlap_end <= day
    return late if is_late and late <= timeline.last else day
