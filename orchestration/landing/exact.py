"""The exact reader: text in Python, for the files that DuckDB's reader does not take.

It knows the line of every record, loses one line to an unclosed quote and not the rest of the
file, and keeps the bytes of what it cannot read. Memory stays bounded by the longest line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.csv_records import PushBack, record
from orchestration.landing.kept_bytes import KEPT_BYTES, KeptBytes
from orchestration.landing.lines import Problem, decoded, physical_lines
from orchestration.landing.text import Text

_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 50_000

REJECTS = pa.schema(
    {
        "file_id": pa.string(),
        "line_number": pa.int64(),
        "reason": pa.string(),
        "detail": pa.string(),
        "raw_text": pa.string(),
    }
)
"""Lines that are no records at all."""


class Reject(NamedTuple):
    """One line that is no record."""

    file_id: str
    line_number: int
    reason: str
    detail: str
    raw_text: str


def write_json_lines(text: Text, rows: Path, rejects: Path) -> None:
    """Write (file_id, line_number, line) of JSON lines to `rows`, what is no text to `rejects`."""
    schema = pa.schema({"file_id": pa.string(), "line_number": pa.int64(), "line": pa.string()})
    with _Sink(rows, schema) as good, _Sink(rejects, REJECTS) as bad:
        for part in text.parts:
            for line in physical_lines(text.path, part):
                if not line.raw.strip():
                    continue
                text_of_line = decoded(line)
                if isinstance(text_of_line, Problem):
                    bad.write((part.file_id, line.number, *text_of_line), len(line.raw))
                else:
                    good.write((part.file_id, line.number, text_of_line), len(text_of_line))


def write_csv(
    text: Text,
    columns: Sequence[str],
    rows: Path,
    rejects: Path,
    *,
    has_header: bool = True,
    kept: KeptBytes | None = None,
) -> None:
    """Write the records below the headers to `rows`, lines that are no records to `rejects`.

    `rows` has file_id, line_number, line_count and the columns as text; with `kept` also what
    it says of bytes that are not UTF-8. Without, their line is a reject.
    """
    errors = "surrogateescape" if kept else "strict"
    schema = pa.schema(
        {
            "file_id": pa.string(),
            "line_number": pa.int64(),
            "line_count": pa.int64(),
            **dict.fromkeys(columns, pa.string()),
            **dict.fromkeys(KEPT_BYTES if kept else (), pa.string()),
        }
    )
    with _Sink(rows, schema) as good, _Sink(rejects, REJECTS) as bad:
        for part in text.parts:
            lines = PushBack(physical_lines(text.path, part), errors)
            if has_header:
                next(lines)
            for line in lines:
                if not line.raw.strip():
                    continue
                found = decoded(line, errors)
                if isinstance(found, str):
                    found = record(line, found, lines, len(columns))
                if isinstance(found, Problem):
                    bad.write((part.file_id, line.number, *found), len(line.raw))
                else:
                    taken, fields = found
                    if kept:
                        fields = kept.shown(fields)
                    size = sum(len(field) for field in fields if field)
                    good.write((part.file_id, line.number, taken, *fields), size)


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
