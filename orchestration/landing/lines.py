"""Physical lines of a text, in Python: numbered, bounded in length, with the bytes they have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from orchestration.landing.content import BYTE_ORDER_MARK
from orchestration.landing.text import Part

LINE_BYTES = 64 << 20
"""The longest physical line that is read."""


class Line(NamedTuple):
    """One physical line."""

    number: int
    raw: bytes
    """Without its line end."""
    end: str
    """The line end, empty in a last line without one."""
    is_whole: bool
    """False where the line is longer than can be read."""


class Problem(NamedTuple):
    """Why a line is no record, as quarantine keeps it."""

    reason: str
    detail: str
    raw_text: str


def physical_lines(path: Path, part: Part) -> Iterator[Line]:
    """Yield the lines of one file of a text from 1, a UTF-8 byte order mark left out."""
    with path.open("rb") as file:
        file.seek(part.offset)
        for number, (raw, is_whole) in enumerate(_bounded(file, part.size), start=1):
            marked = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
            content = marked.removesuffix(b"\n").removesuffix(b"\r")
            end = marked[len(content) :].decode("ascii")
            yield Line(number, content, end, is_whole)


def _bounded(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines of the next `size` bytes, each with whether it is whole."""
    left = size
    while raw := file.readline(min(LINE_BYTES, left)):
        is_whole = len(raw) < LINE_BYTES or raw.endswith(b"\n")
        rest = raw
        left -= len(raw)
        while len(rest) == LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(min(LINE_BYTES, left))
            left -= len(rest)
        yield raw, is_whole


def shown_bytes(raw: bytes) -> str:
    r"""Return a line as text, bytes that are not UTF-8 as \xNN."""
    return raw.decode("utf-8", "backslashreplace")


def decoded(line: Line, errors: str = "strict") -> str | Problem:
    """Return the text of a line; `errors` says what becomes of bytes that are not UTF-8."""
    if not line.is_whole:
        detail = f"The line is longer than {LINE_BYTES >> 20} MiB; its first KiB is kept."
        return Problem("not_parseable", detail, shown_bytes(line.raw[:1024]))
    try:
        return line.raw.decode("utf-8", errors)
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start + 1} of the line is not UTF-8."
        return Problem("not_utf8", detail, shown_bytes(line.raw))
