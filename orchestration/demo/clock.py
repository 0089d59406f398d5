"""CVAT's clock: what one posted batch of client events earns, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

THRESHOLD_MS = 100_000
Owner = tuple[int | None, int | None, int | None]
"""Job, task, project."""


class ClientEvent(NamedTuple):
    """One event as the browser logs it; its time is the browser's, in epoch ms."""

    scope: str
    obj_name: str | None
    at_ms: int
    count: int | None
    duration_ms: int
    owner: Owner
    payload: dict[str, object]


def end_of(event: ClientEvent) -> int:
    """Return the end of an event in epoch ms: only `change:frame` has a duration that counts."""
    return event.at_ms + (event.duration_ms if event.scope == "change:frame" else 0)


def earnings(
    events: Sequence[ClientEvent], previous: ClientEvent | None
) -> list[tuple[Owner, int]]:
    """Return, event by event in the order sent, the current owner and the ms earned for it."""
    if not events:
        return []
    clock = end_of(previous) if previous else events[0].at_ms
    owner = (previous or events[0]).owner
    result = []
    for event in events:
        earned = 0
        if event.at_ms > clock:
            gap = event.at_ms - clock
            if gap < THRESHOLD_MS:
                earned += gap
            clock = event.at_ms
        end = end_of(event)
        if end > clock:
            earned += end - clock
            clock = end
        result.append((owner, earned))
        owner = event.owner
    return result


def account(
    events: Sequence[ClientEvent], previous: ClientEvent | None
) -> list[tuple[Owner, int, int]]:
    """Return (owner, ms, stamp) of a batch; the stamp is the first event handled for the owner."""
    sums: dict[Owner, list[int]] = {}
    for event, (owner, earned) in zip(events, earnings(events, previous), strict=True):
        sums.setdefault(owner, [0, event.at_ms])[0] += earned
    return [(owner, ms, stamp) for owner, (ms, stamp) in sums.items()]
