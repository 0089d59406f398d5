"""CSV records out of physical lines: an unclosed quote costs one line, not the rest of the file."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from orchestration.landing.lines import LINE_BYTES, Line, Problem, shown_bytes

RECORD_BYTES = 4 << 20
"""The longest record that is joined from several lines, looking for its closing quote."""
_OPENING = re.compile(' *"')
_END = re.compile(r" *(,|\r?(?:\n|\Z))")
_UNQUOTED = re.compile(r"([^,\r\n]*)(,|\r?(?:\n|\Z))")

csv.field_size_limit(2 * LINE_BYTES)


class PushBack:
    """An iterator of lines that takes lines back."""

    def __init__(self, lines: Iterator[Line], errors: str = "strict") -> None:
        """Begin before the first line; `errors` is how their bytes are decoded."""
        self._lines = lines
        self.errors = errors
        self._returned: deque[Line] = deque()

    def __iter__(self) -> PushBack:
        """Return the iterator itself."""
        return self

    def __next__(self) -> Line:
        """Return the next line, first of those that were given back."""
        return self._returned.popleft() if self._returned else next(self._lines)

    def give_back(self, lines: Sequence[Line]) -> None:
        """Let these lines, in their order, be the next ones."""
        self._returned.extendleft(reversed(lines))


def record(line: Line, text: str, lines: PushBack, width: int) -> tuple[int, list[str]] | Problem:
    """Return the number of lines and the fields of the record that starts in `line`.

    A record that is not good gives back every line but its first.
    """
    try:
        taken, fields = _fields(line, text, lines)
    except UnicodeDecodeError:
        problem = ("unclosed_quote", "A quote opens here and the next lines are not UTF-8.")
    except _UnclosedError:
        problem = ("unclosed_quote", "A quote opens in the line and nothing closes it properly.")
    except csv.Error as error:
        problem = ("not_parseable", f"The line is not valid CSV: {error}.")
    else:
        # Empty columns behind the last say nothing; DuckDB's reader leaves them out, too.
        while len(fields) > width and not fields[-1]:
            fields.pop()
        if len(fields) == width:
            return len(taken) + 1, fields
        problem = (
            "wrong_column_count",
            f"The record has {len(fields)} columns instead of {width}.",
        )
        lines.give_back(taken)
    return Problem(*problem, shown_bytes(line.raw))


class _UnclosedError(csv.Error):
    pass


def _fields(line: Line, text: str, lines: PushBack) -> tuple[list[Line], list[str]]:
    """Return the further lines and the fields of a record.

    Spaces around quotes do not belong to the text, as DuckDB's reader has it. Python's takes them
    for text, but is much faster where there are none.
    """
    try:
        taken, fields = _parsed(line, text, lines, _quick_fields)
    except csv.Error:
        return _parsed(line, text, lines, _spaced_fields)
    if not any(map(_OPENING.match, fields)):
        return taken, fields
    lines.give_back(taken)
    try:
        return _parsed(line, text, lines, _spaced_fields)
    except (csv.Error, UnicodeDecodeError):
        return [next(lines) for _ in taken], fields


def _parsed(
    line: Line, text: str, lines: PushBack, parse: Callable[[Iterator[str]], list[str]]
) -> tuple[list[Line], list[str]]:
    """Return what `parse` makes of the text and as many further lines as it asks for.

    Where it raises, all those lines are given back.
    """
    taken: list[Line] = []

    def pieces() -> Iterator[str]:
        yield text + line.end
        size = len(text)
        for more in lines:
            taken.append(more)
            size += len(more.raw)
            if size > RECORD_BYTES or not more.is_whole:
                return
            yield more.raw.decode("utf-8", lines.errors) + more.end

    try:
        return taken, parse(pieces())
    except (csv.Error, UnicodeDecodeError) as error:
        lines.give_back(taken)
        if taken and isinstance(error, csv.Error):
            raise _UnclosedError(str(error)) from error
        raise


def _quick_fields(pieces: Iterator[str]) -> list[str]:
    return next(csv.reader(pieces, strict=True))


def _spaced_fields(pieces: Iterator[str]) -> list[str]:
    """Return a record's fields without the spaces around quotes."""
    fields: list[str] = []
    text, at, end = next(pieces), 0, ","
    while end == ",":
        if opening := _OPENING.match(text, at):
            start = at = opening.end()
            while (at := text.find('"', at)) < 0 or text.startswith('""', at):
                if at >= 0:
                    at += 2
                    continue
                at, piece = len(text), next(pieces, None)
                if piece is None:
                    raise _UnclosedError
                text += piece
            closing = _END.match(text, at + 1)
            if closing is None:
                raise csv.Error("',' expected after '\"'")
            fields.append(text[start:at].replace('""', '"'))
        else:
            closing = _UNQUOTED.match(text, at)
            if closing is None:
                raise csv.Error("a carriage return stands in it")
            fields.append(closing[1])
        at, end = closing.end(), closing[closing.lastindex]
    return fields
