"""What is unread, in slices of a bounded number of rows.

The server counts its rows day by day. A day that does not have as many rows as landed from it is
read, so that a late row of any age arrives: only the minutes that differ, where the day's minutes
are noted. A span with more rows than a slice may hold is divided. Equal rows have equal times, so
that they always share a slice, and their copies are told apart rightly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from orchestration.pulls.cvat_clickhouse.noted import Noted
from orchestration.pulls.cvat_clickhouse.server import Server, counted
from orchestration.pulls.cvat_clickhouse.settings import Order
from orchestration.pulls.cvat_clickhouse.spans import DAY, MINUTE, SECOND, Piece, of_day

GAPS = 100
"""How many gaps a slice may have: late rows lie far apart, and the question must stay short."""


def days_of(server: Server, order: Order) -> list[Piece]:
    """Return the days that are wanted and have rows."""
    return counted(
        server,
        DAY,
        of_day(order.since) if order.since else None,
        of_day(order.until) + DAY if order.until else None,
    )


def unread(server: Server, noted: Noted, days: Iterable[Piece], slice_rows: int) -> Iterator[Piece]:
    """Yield what of these days has not landed as the server has it, in order."""
    for day in days:
        if noted.rows_of(day.start) == day.rows:
            continue
        landed = noted.minutes.get(day.start, {})
        if not landed and day.rows <= slice_rows:
            yield day
            continue
        for minute in counted(server, MINUTE, day.start, day.end):
            if minute.start not in landed or landed[minute.start].rows != minute.rows:
                yield from _divided(server, minute, slice_rows, (SECOND, 1))


def slices(pieces: Iterable[Piece], slice_rows: int) -> Iterator[list[Piece]]:
    """Join pieces, in order, to slices of at most so many rows; a larger piece stays alone."""
    slice_: list[Piece] = []
    rows = gaps = 0
    for piece in pieces:
        if slice_ and (rows + piece.rows > slice_rows or gaps == GAPS):
            yield slice_
            slice_, rows, gaps = [], 0, 0
        gaps += bool(slice_) and slice_[-1].end != piece.start
        rows += piece.rows
        slice_.append(piece)
    if slice_:
        yield slice_


def _divided(
    server: Server, piece: Piece, slice_rows: int, widths: Sequence[int]
) -> Iterator[Piece]:
    """Yield a piece, or parts that cover it where it has more rows than a slice may hold."""
    if piece.rows <= slice_rows or not widths:
        yield piece
        return
    parts = counted(server, widths[0], piece.start, piece.end)
    starts = [piece.start, *(part.start for part in parts[1:]), piece.end]
    for part, (start, end) in zip(parts, pairwise(starts), strict=True):
        yield from _divided(server, Piece(start, end, part.rows), slice_rows, widths[1:])
