"""Spans of event time: what is asked for, counted, read and noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

SECOND = 1000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Piece(NamedTuple):
    """A span of event time, `end` left out, and how many rows the server has in it."""

    start: int
    end: int
    rows: int


def floored(ms: int, width: int) -> int:
    """Return the start of the span of that width in which a time lies."""
    return ms - ms % width


def of_day(day: date) -> int:
    """Return when a day (UTC) begins."""
    return (day - _EPOCH.date()).days * DAY


def as_time(ms: int) -> datetime:
    """Return a time as Python has it, in UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


def shown(ms: int) -> str:
    """Return a time as a person reads it."""
    return as_time(ms).isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces, which are in order, with those joined between which nothing lies."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].end == piece.start:
            last = found.pop()
            piece = Piece(last.start, piece.end, last.rows + piece.rows)
        found.append(piece)
    return found
