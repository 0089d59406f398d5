"""The shape of a platform sample."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path


def sample(
    kind: str, action: str, start_ms: int, end_ms: int, context: dict, data: dict
) -> dict[str, object]:
    """Return one sample; times in epoch ms."""
    return {
        "startTime": start_ms,
        "endTime": end_ms,
        "context": context,
        "eventType": kind,
        "entityType": kind,
        "action": action,
        "data": data,
    }


def work_on_an_item(
    start_ms: int, end_ms: int, context: dict, *, annotation_id: str, label: str | None
) -> Iterator[dict]:
    """Yield what one saved annotation of an item tells: the time spent, and what came of it.

    The stretch is from opening to saving; the annotation is created when it is saved and took
    that long. Where the end is before the start, neither can be accepted.
    """
    yield sample("activity", "active", start_ms, end_ms, context, {"surface": "studio"})
    data = {"annotationId": annotation_id, "label": label, "duration": end_ms - start_ms}
    yield sample("annotation", "created", end_ms, end_ms, context, data)


def write_samples(path: Path, samples: Iterable[dict]) -> Path:
    """Write samples as JSON lines and return the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in samples)
    return path
