"""What a file is, by its content: its source, its format, its columns."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.content import BYTE_ORDER_MARK, Head
from orchestration.landing.csv_sources import CSV_SOURCES
from orchestration.landing.outcome import RefusedError, UnfinishedError
from orchestration.landing.schemas import CVAT_COLUMNS, CVAT_COLUMNS_BEFORE_2_48

_UTF16 = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_KINDS = (
    ("cvat_resources", ("resource",)),
    ("cvat_client_batches", ("events",)),
    ("platform_samples", ("eventType", "startTime", "entityType", "itemId", "action")),
    ("cvat_events", ("scope",)),
)
"""Sources of JSON lines with the keys that give each away; the first that matches is taken."""


@dataclass(frozen=True)
class Kind:
    """What a file is."""

    source: str
    format: str
    """'csv', 'jsonl' or 'parquet'."""
    columns: tuple[str, ...] = ()
    """The columns that a table has."""
    schema: str = ""
    """Of Parquet, with the types: files of one schema can be read together."""
    has_header: bool = True
    """Of CSV."""


def recognise(path: Path, head: Head, source: str | None) -> Kind:
    """Return what a file is; `source` decides where its content shows no kind.

    Raises RefusedError, saying what was expected, where it is nothing that can land.
    """
    data = head.data
    if data.startswith(b"PAR1"):
        return _parquet(path, head, source)
    for mark, encoding in _UTF16:
        if data.startswith(mark):
            raise RefusedError(f"it is {encoding} text; save it as UTF-8 and land it again")
    if data[:4096].count(0) > len(data[:4096]) // 4:
        raise RefusedError("it is UTF-16 text or no text at all; logs are UTF-8")
    text = data.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "replace")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not any(line.strip() for line in lines) and head.is_all:
        raise UnfinishedError("the file is empty")
    own = source if source in CSV_SOURCES else _own_source(lines, has_header=True)
    if own and source in (None, own):
        return _own_csv(lines, own)
    # A table with a JSON line in it is a table: its header decides before what other lines show.
    if _header(lines) in (CVAT_COLUMNS, CVAT_COLUMNS_BEFORE_2_48):
        return _csv(lines, source)
    return _json_lines(lines, source) or _csv(lines, source)


def _parquet(path: Path, head: Head, source: str | None) -> Kind:
    if head.compression:
        raise RefusedError(f"it is Parquet inside of {head.compression}; land it unpacked")
    try:
        # Arrow opens no path that is not UTF-8.
        with io.BytesIO(head.data) if head.is_all else path.open("rb") as file:
            parquet = pq.ParquetFile(file)
            columns, schema = parquet.schema_arrow.names, str(parquet.schema)
            # The first line names an object in memory.
            schema = schema.partition("\n")[2]
    except (pa.ArrowException, OSError) as error:
        problem = str(error).splitlines()[0]
        raise UnfinishedError(f"the Parquet file cannot be read: {problem}") from error
    _only_cvat_events(source, "Parquet")
    missing = [name for name in CVAT_COLUMNS_BEFORE_2_48 if name not in columns]
    unknown = [name for name in columns if name not in CVAT_COLUMNS]
    if missing or unknown:
        raise RefusedError(f"its columns are not those of CVAT events: {_gap(missing, unknown)}")
    return Kind("cvat_events", "parquet", tuple(columns), schema)


def _own_source(lines: Sequence[str], *, has_header: bool) -> str | None:
    """Return the source of CSV of its own that the first line looks like."""
    header = _header(lines)
    looking = (
        name
        for name, own in CSV_SOURCES.items()
        if own.has_header == has_header and own.looks_so(header)
    )
    return next(looking, None)


def _own_csv(lines: Sequence[str], source: str) -> Kind:
    """Return a kind of CSV other than CVAT's."""
    some = [line for line in lines[:50] if line.strip()]
    own = CSV_SOURCES[source]
    columns = own.columns([_header([line]) for line in some])
    return Kind(source, "csv", columns, has_header=own.has_header)


def _csv(lines: Sequence[str], source: str | None) -> Kind:
    header = _header(lines)
    if header in (CVAT_COLUMNS, CVAT_COLUMNS_BEFORE_2_48):
        _only_cvat_events(source, "CSV")
        return Kind("cvat_events", "csv", header)
    if len(header) == 1 and re.match(r'"?scope"?[;\t|]', header[0]):
        raise RefusedError("unknown header: the columns must be separated by commas")
    if len(header) < 2 and "scope" not in header:
        raise RefusedError(
            "it is of no known kind: neither JSON lines nor Parquet, and line 1 is no CSV header"
        )
    if name := _own_source(lines, has_header=False):
        raise RefusedError(f"it has no header; if it is an export of {name}, say --source {name}")
    missing = [name for name in CVAT_COLUMNS_BEFORE_2_48 if name not in header]
    unknown = [name for name in header if name not in CVAT_COLUMNS]
    if not missing and not unknown:
        raise RefusedError(
            f"unknown header: the columns must stand in the order {','.join(CVAT_COLUMNS)}"
        )
    raise RefusedError(f"unknown header for CVAT events: {_gap(missing, unknown)}")


def _header(lines: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(lines[:1]), ()))
    except csv.Error:
        return ()


def _gap(missing: Sequence[str], unknown: Sequence[str]) -> str:
    parts = []
    if missing:
        parts.append(f"missing {', '.join(missing)}")
    if unknown:
        parts.append(f"unexpected {', '.join(repr(name[:40]) for name in unknown[:5])}")
    return "; ".join(parts)


def _only_cvat_events(source: str | None, form: str) -> None:
    if source not in (None, "cvat_events"):
        comes_as = "CSV" if source in CSV_SOURCES else "JSON lines"
        raise RefusedError(f"it is {form} of cvat_events; {source} comes as {comes_as}")


def _json_lines(lines: Sequence[str], source: str | None) -> Kind | None:
    first = next((line.lstrip() for line in lines if line.strip()), "")
    documents = _documents(lines)
    looks_so = first.startswith(("{", "["))
    if source is not None:
        is_json = looks_so or next(documents, None) is not None
        return Kind(source, "jsonl") if is_json else None
    seen: set[str] | None = None
    for keys in documents:
        for name, marks in _KINDS:
            if any(mark in keys for mark in marks):
                return Kind(name, "jsonl")
        seen = keys | (seen or set())
    if seen is None and not looks_so:
        return None
    if first in ("{", "["):
        raise RefusedError("it is one JSON document over many lines; one record a line is expected")
    shown = ", ".join(sorted(seen or ())[:5])
    raise RefusedError(
        f"it is JSON of no known kind (keys: {shown or 'none'}); name the kind with --source"
    )


def _documents(lines: Sequence[str]) -> Iterator[set[str]]:
    """Yield the keys of each JSON object; of a broken or cut line, the keys that it shows."""
    for line in lines:
        stripped = line.strip()
        if not stripped.startswith(("{", "[")) or stripped in ("{", "["):
            continue
        try:
            document = json.loads(stripped)
        except (ValueError, RecursionError):
            yield set(re.findall(r'"(\w+)"\s*:', stripped))
            continue
        for item in document if isinstance(document, list) else [document]:
            if isinstance(item, dict):
                yield set(item)
