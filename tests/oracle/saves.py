"""The single objects of a CVAT save: who they are, and how they share the time drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .typed import CvatRow

KINDS = {"tags": "tag", "shapes": "shape", "tracks": "track"}


class Saved(NamedTuple):
    """One action on one object, or on `count` objects of which nothing is known."""

    count: int
    duration_ms: int | None
    annotation_id: str | None = None
    label: str | None = None
    item_id: str | None = None


def saved(row: CvatRow, drawn_ms: int | None) -> Iterator[Saved]:
    """Yield the actions of a save that took `drawn_ms` (None: unknown).

    The objects are told apart only where the payload lists exactly as many as the row counts.
    What does not divide goes to the first of the list, one millisecond each.
    """
    count = 1 if row.count is None else row.count
    objects = _listed(row)
    if not objects or len(objects) != count:
        yield Saved(count, drawn_ms)
        return
    kind = KINDS[row.scope.partition(":")[2]]  # CVAT numbers tags, shapes and tracks apart
    for position, found in enumerate(objects):
        share_ms = None
        if drawn_ms is not None:
            share_ms = drawn_ms // count + (1 if position < drawn_ms % count else 0)
        frame, label = found.get("frame"), found.get("label_id")
        yield Saved(
            count=1,
            duration_ms=share_ms,
            annotation_id=f"{kind}:{found['id']}",
            label=None if label is None else str(label),
            item_id=None if frame is None or row.task_id is None else f"{row.task_id}:{frame}",
        )


def _listed(row: CvatRow) -> list[dict[str, Any]]:
    """Return the list under the first of tags, shapes and tracks that the payload has."""
    present = (row.payload_value(key) for key in KINDS)
    first = next((value for value in present if value is not None), None)
    return first if isinstance(first, list) else []
