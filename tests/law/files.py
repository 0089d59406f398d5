"""Write the files of a case in every form that the sources deliver."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.schemas import CVAT_COLUMNS, CVAT_COLUMNS_BEFORE_2_48
from tests.law.cvat import Record
from tests.law.logs import Case, FileKey, Row
from tests.law.times import EPOCH


def write_files(case: Case, folder: Path) -> dict[FileKey, Path]:
    """Write all files of a case and return where each lies."""
    folder.mkdir(parents=True)
    paths = {}
    for (load, source, slot), rows in case.files().items():
        form = case.loads[load].formats[source][slot]
        path = folder / f"load{load}_{source}_{slot}.{form}"
        path.write_bytes(content(rows, form))
        paths[load, source, slot] = path
    return paths


def content(rows: Sequence[Row], form: str) -> bytes:
    """Return the bytes of a file of that form."""
    if form.endswith(".gz"):
        return gzip.compress(content(rows, form.removesuffix(".gz")), 1, mtime=0)
    records = [row.record for row in rows]
    if form == "parquet":
        return _parquet(records)
    if form.endswith("csv"):
        return _csv(records, CVAT_COLUMNS_BEFORE_2_48 if form == "old.csv" else CVAT_COLUMNS)
    if rows[0].source == "cvat_events":
        return _lines([_vector(record, number) for number, record in enumerate(records)])
    return _lines(_in_arrays(records) if form == "arrays.jsonl" else records)


def _lines(records: Sequence[Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _in_arrays(samples: Sequence[Record]) -> list[list[Record]]:
    """Return samples as the SDK posts them, three a line."""
    return [list(samples[at : at + 3]) for at in range(0, len(samples), 3)]


def _csv(records: Sequence[Record], columns: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**record, "timestamp": _exported(record["timestamp"])} for record in records)
    return out.getvalue().encode()


def _parquet(records: Sequence[Record]) -> bytes:
    """Return text columns: DuckDB types them as it does those of a CSV."""
    rows = [{**record, "timestamp": _exported(record["timestamp"])} for record in records]
    columns = {
        name: pa.array(
            [None if row.get(name) is None else str(row[name]) for row in rows], "string"
        )
        for name in CVAT_COLUMNS
    }
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _vector(record: Record, number: int) -> Record:
    """Return a row as the server's logger posts it: epoch seconds, absent keys."""
    # A scope that is missing shows as such: a file without the key is no log at all.
    known = {key: value for key, value in record.items() if value is not None or key == "scope"}
    at = record["timestamp"]
    if isinstance(at, int):
        # What is finer than a millisecond is cut, so that it makes no other event.
        known["timestamp"] = f"{at // 1000}.{at % 1000:03d}{number % 3 * 301:03d}"
    return known


def _exported(at: int | str) -> str:
    """Return a time (ms) as CVAT exports it: no fraction where there are no milliseconds."""
    return str(EPOCH + timedelta(milliseconds=at)) if isinstance(at, int) else at
