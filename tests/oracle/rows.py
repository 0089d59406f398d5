"""Helpers with which the measures make their rows."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .typed import Dims

Row = dict[str, Any]


def pick(dims: Dims, names: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return the values of some dimensions."""
    return tuple(getattr(dims, name) for name in names)


def row(bucket: int, names: tuple[str, ...], dims: Iterable[Any], /, **columns: Any) -> Row:
    """Return a row; the bucket is epoch milliseconds until it is handed out."""
    return {"period_start": bucket, **dict(zip(names, dims, strict=True)), **columns}


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """Return an exact quotient, None over 0."""
    return Fraction(numerator, denominator) if denominator else None


def total(values: Iterable[int | None]) -> int:
    """Return the sum; what is missing adds 0."""
    return sum(value for value in values if value is not None)


def spread(durations_ms: Iterable[int | None]) -> dict[str, int | None]:
    """Return sum, min and max of durations; what is missing has no part in min and max."""
    known = [ms for ms in durations_ms if ms is not None]
    return {
        "duration_ms": sum(known),
        "duration_ms_min": min(known, default=None),
        "duration_ms_max": max(known, default=None),
    }
