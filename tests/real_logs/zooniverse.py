"""Exports of Zooniverse, where volunteers classify pictures.

A workflow is one assignment, a subject one item, a classification one annotation, labelled by the
first answer to its first question. Bytes that are not UTF-8 stand in names only.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .shape import work_on_an_item


def rows(path: Path) -> list[dict[str, str]]:
    """Return the classifications of an export."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def samples(project: str, path: Path) -> Iterator[dict]:
    """Yield the samples of an export."""
    for row in rows(path):
        metadata = json.loads(row["metadata"])
        context = {
            "userId": row["user_name"],
            "projectId": project,
            "assignmentId": row["workflow_id"],
            "itemId": row["subject_ids"],
        }
        yield from work_on_an_item(
            _epoch_ms(metadata["started_at"]),
            _epoch_ms(metadata["finished_at"]),
            context,
            annotation_id=row["classification_id"],
            label=_first_answer(json.loads(row["annotations"])),
        )


def _epoch_ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000


def _first_answer(answers: list[dict]) -> str | None:
    value = answers[0]["value"] if answers else None
    if isinstance(value, list):
        value = value[0] if value else None
    return value.get("choice") if isinstance(value, dict) else value
