"""The exact reader: physical lines in Python, for the files that DuckDB's reader does not take.

It knows the line of every record, loses one line to an unclosed quote and not the rest of the
file, and keeps the bytes of what it cannot read. Memory stays bounded by the longest line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

LINE_BYTES = 64 << 20
"""The longest physical line that is read."""
RECORD_BYTES = 4 << 20
"""The longest CSV record that is joined from several lines, looking for its closing quote."""
_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 50_000

REJECTS = pa.schema(
    {
        "line_number": pa.int64(),
        "reason": pa.string(),
        "detail": pa.string(),
        "raw_text": pa.string(),
    }
)
"""Lines that are no records at all."""


class Line(NamedTuple):
    """One physical line."""

    number: int
    raw: bytes
    """Without its line end."""
    end: str
    """The line end, empty in a last line without one."""
    is_whole: bool
    """False where the line is longer than can be read."""


class Reject(NamedTuple):
    """One line that is no record."""

    line_number: int
    reason: str
    detail: str
    raw_text: str


def shown_bytes(raw: bytes) -> str:
    r"""Return a line as text, bytes that are not UTF-8 as \xNN."""
    return raw.decode("utf-8", "backslashreplace")


def physical_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a plain file from 1, a UTF-8 byte order mark left out."""
    with path.open("rb") as file:
        for number, (raw, is_whole) in enumerate(_bounded(file), start=1):
            marked = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            content = marked.removesuffix(b"\n").removesuffix(b"\r")
            end = marked[len(content) :].decode("ascii")
            yield Line(number, content, end, is_whole)


def _bounded(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    while raw := file.readline(LINE_BYTES):
        is_whole = len(raw) < LINE_BYTES or raw.endswith(b"\n")
        rest = raw
        while len(rest) == LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(LINE_BYTES)
        yield raw, is_whole


def write_json_lines(path: Path, rows: Path, rejects: Path) -> None:
    """Write (line_number, line) of a JSON lines file to `rows`, what is no text to `rejects`."""
    schema = pa.schema({"line_number": pa.int64(), "line": pa.string()})
    with _Sink(rows, schema) as good, _Sink(rejects, REJECTS) as bad:
        for line in physical_lines(path):
            if not line.raw.strip():
                continue
            text = _decoded(line)
            if isinstance(text, Reject):
                bad.write(text, len(line.raw))
            else:
                good.write((line.number, text), len(text))


def write_csv(path: Path, columns: Sequence[str], rows: Path, rejects: Path) -> None:
    """Write the records below the header to `rows`, lines that are no records to `rejects`.

    `rows` has line_number, line_count and the columns as text.
    """
    schema = pa.schema(
        {
            "line_number": pa.int64(),
            "line_count": pa.int64(),
            **dict.fromkeys(columns, pa.string()),
        }
    )
    csv.field_size_limit(2 * LINE_BYTES)
    lines = _PushBack(physical_lines(path))
    next(lines)
    with _Sink(rows, schema) as good, _Sink(rejects, REJECTS) as bad:
        for line in lines:
            if not line.raw.strip():
                continue
            text = _decoded(line)
            record = text if isinstance(text, Reject) else _record(line, text, lines, len(columns))
            if isinstance(record, Reject):
                bad.write(record, len(line.raw))
            else:
                taken, fields = record
                good.write((line.number, taken, *fields), sum(map(len, fields)))


def _decoded(line: Line) -> str | Reject:
    if not line.is_whole:
        detail = f"The line is longer than {LINE_BYTES >> 20} MiB; its first KiB is kept."
        return Reject(line.number, "not_parseable", detail, shown_bytes(line.raw[:1024]))
    try:
        return line.raw.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start + 1} of the line is not UTF-8."
        return Reject(line.number, "not_utf8", detail, shown_bytes(line.raw))


def _record(line: Line, text: str, lines: _PushBack, width: int) -> tuple[int, list[str]] | Reject:
    """Return the number of lines and the fields of the record that starts in `line`.

    A record that is not good gives back every line but its first.
    """
    taken: list[Line] = []
    size = len(text)

    def parts() -> Iterator[str]:
        nonlocal size
        yield text + line.end
        for more in lines:
            taken.append(more)
            size += len(more.raw)
            if size > RECORD_BYTES or not more.is_whole:
                return
            yield more.raw.decode("utf-8") + more.end

    try:
        fields = next(csv.reader(parts(), strict=True))
    except UnicodeDecodeError:
        problem = ("unclosed_quote", "A quote opens here and the next lines are not UTF-8.")
    except csv.Error as error:
        if taken or "unexpected end of data" in str(error):
            problem = (
                "unclosed_quote",
                "A quote opens in the line and nothing closes it properly.",
            )
        else:
            problem = ("not_parseable", f"The line is not valid CSV: {error}.")
    else:
        # Empty columns behind the last say nothing; DuckDB's reader leaves them out, too.
        while len(fields) > width and not fields[-1]:
            fields.pop()
        if len(fields) == width:
            return len(taken) + 1, fields
        problem = (
            "wrong_column_count",
            f"The record has {len(fields)} columns, the header {width}.",
        )
    lines.give_back(taken)
    return Reject(line.number, *problem, shown_bytes(line.raw))


class _PushBack:
    """An iterator of lines that takes lines back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()

    def __iter__(self) -> _PushBack:
        return self

    def __next__(self) -> Line:
        return self._returned.popleft() if self._returned else next(self._lines)

    def give_back(self, lines: Sequence[Line]) -> None:
        self._returned.extendleft(reversed(lines))


class _Sink:
    """Rows to Parquet in batches of bounded size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema)
        self._schema = schema
        self._rows: list[tuple] = []
        self._bytes = 0

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def write(self, row: tuple, size: int) -> None:
        self._rows.append(row)
        self._bytes += size
        if len(self._rows) >= _BATCH_ROWS or self._bytes >= _BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [
                pa.array(column, field.type)
                for column, field in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._rows, self._bytes = [], 0


def write_rejects(path: Path, rejects: Iterator[Reject]) -> None:
    """Write rejected lines to Parquet."""
    with _Sink(path, REJECTS) as sink:
        for reject in rejects:
            sink.write(reject, len(reject.raw_text))
