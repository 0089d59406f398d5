"""What the design promises of large logs, and whether what was measured keeps it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.questions import Latency
from benchmarks.sizes import LATE_DAYS, Size, Starts

MOST_ROWS = 1.05 * 20_000_000
"""Of more of CVAT's events only memory, the slowest answer and what compares sizes are asked."""


class Promise(NamedTuple):
    """One number, and what it may be; `limit` is None where nothing is asked of it."""

    name: str
    found: float
    limit: float | None
    is_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the number is within its bound, if it has one."""
        if self.limit is None:
            return True
        return self.found >= self.limit if self.is_least else self.found <= self.limit

    @property
    def bound(self) -> str:
        """The bound as a person reads it."""
        if self.limit is None:
            return "-"
        return f"at {'least' if self.is_least else 'most'} {self.limit:g}"


def promises(starts: Starts, sizes: Sequence[Size]) -> Iterator[Promise]:
    """Yield what each size promises, then what holds between the first and each larger one."""
    for size in sizes:
        yield from _of_one(starts, size)
    for size in sizes[1:]:
        yield from _between(starts, sizes[0], size)


def _of_one(starts: Starts, size: Size) -> Iterator[Promise]:
    at = f"{size.cvat_rows / 1e6:.0f} M"
    is_long = size.cvat_rows > MOST_ROWS
    slowest = max(one.median_ms for one in size.latencies)
    yield Promise(f"{at}: peak memory of any process but the floor, GB", size.peak_bytes / 1e9, 4.6)
    yield Promise(f"{at}: slowest answer, ms", slowest, 150 if is_long else 50)
    for name, found, *bound in _of_its_rows(starts, size):
        yield Promise(f"{at}: {name}", found, *((None,) if is_long else bound))


def _of_its_rows(starts: Starts, size: Size) -> Iterator[tuple]:
    """Yield a promise's name, what was found, and the bound of short histories."""
    yield "land and build whole, over the floor", size.over_floor("land", "run"), 4.5
    if size.is_tested:
        yield "the same with dbt's tests", size.over_floor("land", "run", "test"), 6
    yield (
        "one more day, over that day alone, less dbt's start",
        (size.new_day.cpu_s - starts.later.cpu_s) / starts.day_s,
        3,
    )
    yield (
        "late rows, each day, over one day alone",
        (size.late.cpu_s - starts.later.cpu_s) / LATE_DAYS / starts.day_s,
        1.5,
    )
    times = [_times(one) for one in size.latencies if one.raw_median_ms]
    yield (
        "measures against raw rows, geometric mean, times",
        math.exp(math.fsum(map(math.log, times)) / len(times)),
        20,
        True,
    )
    yield "the least of them", min(times), 3, True
    raw = size.raw_bytes["ZSTD"] / size.cvat_rows
    facts = size.parts["facts"] + size.parts["rollups"]
    yield "bytes, facts and rollups over ZSTD", facts / size.history_rows / raw, 1
    published = size.published_bytes / size.history_rows / raw
    yield "bytes, everything published over ZSTD", published, 2


def _between(starts: Starts, smaller: Size, larger: Size) -> Iterator[Promise]:
    at = f"{larger.cvat_rows / 1e6:.0f} M over {smaller.cvat_rows / 1e6:.0f} M"
    steps = ("land", "run")
    yield Promise(
        f"{at}: land and build whole, over the floor",
        larger.over_floor(*steps) / smaller.over_floor(*steps),
        1.15,
    )
    yield Promise(
        f"{at}: the same new day, less dbt's start",
        (larger.new_day.cpu_s - starts.later.cpu_s) / (smaller.new_day.cpu_s - starts.later.cpu_s),
        2,
    )


def _times(one: Latency) -> float:
    return one.raw_median_ms / one.median_ms
