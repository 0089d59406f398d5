"""Where the law is likely to break in time: edges of days, and gaps around the clock's limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

SECOND, HOUR, DAY = 1000, 3_600_000, 86_400_000
"""In milliseconds, as all times here: counted from the epoch, UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EDGES = ("01-01", "02-28", "03-30", "04-29", "06-30", "10-26", "11-03", "12-29")
"""Days near the edge of a month or a week, a leap day, a change of summer time."""

OFFSETS = (0, 0, 1, 1, 2, 6, 7, 8, 31, 62, 200)
"""How many days after its first one an island can be busy."""

GAPS_MS = (
    *(0, 1, 400, 5 * SECOND, 20 * SECOND, 40 * SECOND),
    *(99_999, 100_000, 100_001, 200 * SECOND, 299_999, 300_000, 300_001, 600 * SECOND),
    *(1_799_999, 1_800_000, 1_800_001, 2 * HOUR),
)
"""From one row to the next: around the gap that counts, the idle cutoff and the session gap."""


def _at(hour: int, minute: int, second: float) -> int:
    return hour * HOUR + minute * 60 * SECOND + round(second * SECOND)


ANCHORS_MS = (
    *(_at(0, 0, 0), _at(0, 0, 2), _at(0, 1, 39.9), _at(0, 4, 59), _at(0, 29, 0)),
    *(_at(9, 0, 0), _at(12, 59, 30)),
    # Midnight in Kolkata and in São Paulo.
    *(_at(18, 29, 59), _at(18, 30, 0.5), _at(2, 59, 58), _at(3, 0, 1)),
    *(_at(23, 30, 0), _at(23, 54, 59.5), _at(23, 58, 19.5), _at(23, 59, 58), _at(23, 59, 59.999)),
)
"""When in a UTC day something begins."""


def first_days(number: int) -> st.SearchStrategy[int]:
    """Return the first day of an island: mostly in a year of its own, sometimes shared by all."""
    own = [date.fromisoformat(f"{2011 + number % 13}-{edge}") for edge in EDGES]
    shared = [date(2024, 2, 28), date(2024, 3, 30)]
    days = [(day - EPOCH.date()).days * DAY for day in own * 3 + shared * 4]
    return st.sampled_from(days)


def iso(at_ms: int, micros: int = 0) -> str:
    """Return a time as browsers send it."""
    moment = EPOCH + timedelta(milliseconds=at_ms, microseconds=micros)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
