"""State measures: the whole state of a group at the end of each bucket in which it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple

from .buckets import Calendar


class State(NamedTuple):
    """How many things of a group have each status that the group has had so far."""

    bucket: int
    end_ms: int
    counts: dict[str, int]
    things: int


def states(
    changes: list[Any],
    calendar: Calendar,
    thing: Callable[[Any], Hashable],
    status: Callable[[Any], str | None],
) -> Iterator[State]:
    """Yield one state a bucket with changes; a status of None leaves the thing without one.

    At one millisecond the text-wise larger status wins.
    """
    ordered = sorted(changes, key=lambda c: (c.at_ms, status(c) or ""))
    for bucket in sorted({calendar.start(change.at_ms) for change in ordered}):
        end_ms = calendar.end(bucket)
        so_far = [change for change in ordered if change.at_ms < end_ms]
        latest = {thing(change): status(change) for change in so_far}
        held = Counter(value for value in latest.values() if value is not None)
        had = {status(change) for change in so_far} - {None}
        yield State(bucket, end_ms, {value: held[value] for value in had}, len(latest))
