"""Texts as DuckDB reads them: one file, or many small ones in a row."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.landing.content import BYTE_ORDER_MARK, Scan


@dataclass(frozen=True)
class Part:
    """The text of one file within a text."""

    file_id: str
    line_count: int
    """Physical lines up to the last that is not empty."""
    first_line: int = 1
    """The line of the whole text that is the file's first, where the text is regular."""
    offset: int = 0
    size: int = sys.maxsize
    """Bytes, or more than there are where the file is the last of the text."""


@dataclass(frozen=True)
class Text:
    """A plain text with one or many files in it, each with its header."""

    path: Path
    parts: tuple[Part, ...]
    is_regular: bool
    """As of every file in it (content.Scan)."""

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The files in it, in their order."""
        return tuple(part.file_id for part in self.parts)

    def alone(self) -> list[Text]:
        """Return each file as a text of its own, for the exact reader."""
        return [replace(self, parts=(part,), is_regular=False) for part in self.parts]


def joined(path: Path, files: Sequence[tuple[str, bytes, Scan]]) -> Text:
    """Write small files (id, bytes, scan) one after the other into one text.

    They are all regular with one line end, or none of them is.
    """
    is_regular = files[0][2].is_regular
    parts: list[Part] = []
    first_line, offset = 1, 0
    with path.open("wb") as out:
        for file_id, data, scan in files:
            if is_regular:
                content = data.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n") + scan.line_end
            else:
                content = data
            out.write(content)
            parts.append(Part(file_id, scan.line_count, first_line, offset, len(content)))
            first_line += scan.line_count
            offset += len(content)
    return Text(path, tuple(parts), is_regular)
