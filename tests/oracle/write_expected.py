"""Write the expected rows of the log of oddities: python -m tests.oracle.write_expected.

Consecutive buckets with otherwise equal rows are one line with their number in bucket_count.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import expected
from .buckets import GRANULARITIES, Calendar, instant
from .compare import EXPECTED, LOG, UTC_ZONE, as_text
from .contract import CONTRACT, header
from .rows import Row
from .typed import instant_us


def runs(measure: str, rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """Yield lines: time_granularity, period_start, bucket_count, then the other columns."""
    columns = header(measure)[2:]
    starts: dict[tuple, list[int]] = defaultdict(list)
    for row in rows:
        rest = tuple(as_text(measure, column, row[column]) for column in columns)
        at_ms = instant_us(row["period_start"].isoformat()) // 1000
        starts[row["time_granularity"], rest].append(at_ms)
    lines = []
    for (granularity, rest), buckets in starts.items():
        calendar = Calendar(granularity, UTC_ZONE)
        first = after = None
        count = 0
        for bucket in [*sorted(buckets), None]:
            if bucket is not None and bucket == after:
                count += 1
            else:
                if first is not None:
                    lines.append((GRANULARITIES.index(granularity), first, count, rest))
                first, count = bucket, 1
            after = None if bucket is None else calendar.end(bucket)
    for order, first, count, rest in sorted(lines):
        yield GRANULARITIES[order], _time(first), str(count), *rest


def _time(at_ms: int) -> str:
    return instant(at_ms).isoformat(sep=" ")


def write(folder: Path) -> None:
    """Write one file a measure."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(LOG.iterdir())
    for measure in CONTRACT:
        rows = expected(files, measures=[measure])[measure]
        with (folder / f"{measure}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            first, second, *others = header(measure)
            writer.writerow([first, second, "bucket_count", *others])
            writer.writerows(runs(measure, rows))


if __name__ == "__main__":
    write(EXPECTED)
