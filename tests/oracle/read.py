"""Landing files to raw records: the kind of a record is told by its content."""

from __future__ import annotations

import csv
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

CSV_COLUMNS = (
    *("scope", "obj_name", "obj_id", "obj_val", "source", "timestamp", "count", "duration"),
    *("project_id", "task_id", "job_id", "user_id", "user_name", "user_email"),
    *("org_id", "org_slug", "payload", "access_token_id"),
)
"""CVAT's export; the last column came with 2.48."""


class Raw(NamedTuple):
    """One record as it stands in a file: kind is cvat, batch or sample."""

    kind: str
    fields: dict[str, Any]


def read(path: Path) -> list[Raw]:
    """Return the records of a file. ValueError names file and line of what is not understood.

    The oracle is for clean files: what a warehouse would quarantine stops it.
    """
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig")
    first = text.lstrip()[:1]
    return _read_json_lines(path, text) if first in ("{", "[") else _read_csv(path, text)


def _read_csv(path: Path, text: str) -> list[Raw]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    header = tuple(reader.fieldnames or ())
    if header not in (CSV_COLUMNS, CSV_COLUMNS[:-1]):
        raise ValueError(f"{path.name}:1: not a header of CVAT's event export: {header}")
    records = []
    for fields in reader:
        if None in fields or None in fields.values():
            raise ValueError(f"{path.name}:{reader.line_num}: expected {len(header)} columns")
        records.append(Raw("cvat", fields))
    return records


def _read_json_lines(path: Path, text: str) -> list[Raw]:
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        # Decimal keeps the digits that were sent: 1.0005 s is 1000.5 ms, not 1000.49999...
        value = json.loads(line, parse_float=Decimal)
        for fields in value if isinstance(value, list) else [value]:
            kind = _kind(fields)
            if kind is None:
                raise ValueError(f"{path.name}:{number}: neither event, batch nor sample")
            records.append(Raw(kind, fields))
    return records


def _kind(fields: Any) -> str | None:
    if not isinstance(fields, dict):
        return None
    if "scope" in fields:
        return "cvat"
    if "events" in fields:
        return "batch"
    old_form = str(fields.get("action", "")).startswith("annotation.")
    return "sample" if "eventType" in fields or old_form else None
