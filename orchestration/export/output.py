"""Where an export goes: a file that appears when it is whole, or the terminal's pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from orchestration.errors import UsageError

PIECE_BYTES = 1 << 16


@contextmanager
def to_file(out: Path) -> Iterator[Path]:
    """Give a name to write to; what is there afterwards takes the place of `out` in one step.

    Where the block fails, nothing is left of it and `out` is as it was. Raises UsageError where
    `out` is there and no file.
    """
    target = out.resolve()
    if target.exists() and not target.is_file():
        raise UsageError(f"--out {out} is there and is not a file")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def to_stdout(pieces: Iterable[bytes | memoryview]) -> None:
    """Write the pieces to the standard output. A reader that has had enough is no failure."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still in Python's buffer has no reader either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def piped(write: Callable[[str], None]) -> Iterator[bytes]:
    """Yield what a function writes to the name of a pipe that it is given, while it writes.

    DuckDB would open /dev/stdout itself, and so empty a file that the shell appends to.
    """
    reading, writing = os.pipe()
    failures: list[Exception] = []

    def run() -> None:
        try:
            write(f"/dev/fd/{writing}")
        except Exception as error:
            failures.append(error)
        finally:
            os.close(writing)

    writer = Thread(target=run)
    writer.start()
    try:
        with open(reading, "rb", buffering=0) as pipe:
            while piece := pipe.read(PIECE_BYTES):
                yield piece
    finally:
        # The pipe is closed: a writer that is still at it fails at its next piece.
        writer.join()
    if failures:
        raise failures[0]
