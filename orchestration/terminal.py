"""What the commands show: lines, aligned, and a progress bar where there is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TextIO


class Display(Protocol):
    """Where a running command shows what it does."""

    def line(self, text: str) -> None:
        """Show a line that stays."""

    def progress(self, done: int, total: int, name: str | None = None) -> None:
        """Show how far the current step is, and what it works on."""


class PlainDisplay:
    """Lines only: for logs and pipes. A step says how far it is a few times, not every time."""

    EVERY_S = 10.0

    def __init__(self, stream: TextIO, label: str) -> None:
        """Print to the stream; label names the step."""
        self._stream = stream
        self._label = label
        self._said_at: float | None = None

    def line(self, text: str) -> None:
        """Print the line."""
        print(text, file=self._stream, flush=True)

    def progress(self, done: int, total: int, name: str | None = None) -> None:
        """Print how far the step is, if nothing was said for a while."""
        now = time.monotonic()
        if self._said_at is None:
            self._said_at = now
        elif total and now - self._said_at >= self.EVERY_S:
            self._said_at = now
            self.line(f"  {self._label}: {done:,} of {total:,}")


@contextmanager
def display(label: str) -> Iterator[Display]:
    """Show progress under this label while the block runs."""
    stream = sys.stdout
    if not stream.isatty():
        yield PlainDisplay(stream, label)
        return
    from orchestration.bars import bar

    with bar(label, stream) as shown:
        yield shown


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Return the count with its noun: `1 file`, `2,000 files`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago that was, in the largest unit that fits."""
    seconds = max(0, int((now - then).total_seconds()))
    for length, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{plural(seconds // length, noun)} ago"
    return "just now"


def table(rows: list[tuple[str, ...]], numbers: tuple[int, ...] = ()) -> list[str]:
    """Return the rows as aligned lines; the columns whose index is in numbers stand right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
