"""Expected rows as files: how a cell is written, and how the rows are read back.

For tests: `read_expected(measure)` gives rows, `comparable(measure, rows)` puts any rows (of the
oracle, of a file, of a query) into one form in which equal rows are equal.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .buckets import Calendar, instant
from .contract import CONTRACT, header
from .rows import Row
from .typed import instant_us

ODDITIES = Path(__file__).parent.parent / "fixtures" / "oddities"
LOG = ODDITIES / "log"
EXPECTED = ODDITIES / "expected"
UTC_ZONE = ZoneInfo("UTC")


def kind_of(measure: str, column: str) -> str:
    """Return what a column holds: time, text, number (as measured), ratio or integer."""
    columns = CONTRACT[measure]
    if column in ("period_start", "start_time"):
        return "time"
    if column in ("x", "y"):
        return "number"
    if column == "active_ms_median":
        return "ratio"
    if column == "value":
        kind = columns.value or ""
        return kind if kind in ("ratio", "time", "text", "number") else "integer"
    return "integer" if column in columns.components and column != "status" else "text"


def as_text(measure: str, column: str, value: Any) -> str:
    """Return a cell: ratios with 6 decimals half-up, times in UTC, nothing for null."""
    if value is None:
        return ""
    kind = kind_of(measure, column)
    if kind == "ratio":
        exact = value if isinstance(value, Fraction) else Fraction(str(value))
        millionths = floor(exact * 1_000_000 + Fraction(1, 2))
        return f"{Decimal(millionths).scaleb(-6):f}"
    if kind == "time":
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
    if kind == "number":
        return repr(float(value))
    return str(int(value)) if kind == "integer" else str(value)


def comparable(measure: str, rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return the rows as sorted tuples of texts, in the order of the relation's columns."""
    return sorted(
        tuple(as_text(measure, column, row[column]) for column in header(measure)) for row in rows
    )


def read_expected(measure: str, folder: Path = EXPECTED) -> list[Row]:
    """Return the expected rows of a measure, one a bucket: runs of equal buckets are expanded.

    Ratios are Decimals with 6 decimals, times naive UTC datetimes, null is None.
    """
    rows = []
    with (folder / f"{measure}.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            count = int(line.pop("bucket_count"))
            row = {column: _value(measure, column, text) for column, text in line.items()}
            calendar = Calendar(row["time_granularity"], UTC_ZONE)
            start_ms = instant_us(line["period_start"]) // 1000
            for _ in range(count):
                rows.append({**row, "period_start": instant(start_ms)})
                start_ms = calendar.end(start_ms)
    return rows


def _value(measure: str, column: str, text: str) -> Any:
    if text == "":
        return None
    converters = {
        "time": datetime.fromisoformat,
        "ratio": Decimal,
        "number": float,
        "integer": int,
        "text": str,
    }
    return converters[kind_of(measure, column)](text)
