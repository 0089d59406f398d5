"""The shape of a platform sample."""

from __future__ import annotations

import json
from collections.abc import Iterable
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


def write_samples(path: Path, samples: Iterable[dict]) -> Path:
    """Write samples as JSON lines and return the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in samples)
    return path
