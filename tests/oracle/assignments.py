"""Measures 7-14: the state and the time of assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from .activity import Activity
from .buckets import Calendar, events_by, instant, time_by
from .contract import ASSIGNMENT, WORK
from .facts import Facts, ItemStatus
from .rows import Row, pick, ratio, row, spread, total
from .states import states
from .typed import Dims

COMPLETED = ("completed", "approved")


def _has_assignment(fact: Activity | ItemStatus) -> bool:
    return fact.dims.assignment_id is not None


def assignment_stats_completed_status(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups: dict[tuple, list[ItemStatus]] = defaultdict(list)
    for change in filter(_has_assignment, facts.statuses):
        groups[pick(change.dims, ASSIGNMENT)].append(change)
    for dims, changes in groups.items():
        for state in states(
            changes, calendar, lambda c: c.dims.item_id, lambda c: c.status if c.is_set else None
        ):
            known = [
                (found.at_ms, found.total)
                for found in facts.totals
                if found.assignment_id == changes[0].dims.assignment_id
                and found.at_ms < state.end_ms
            ]
            items = max(known)[1] if known else state.things
            completed = sum(state.counts.get(status, 0) for status in COMPLETED)
            for status, count in state.counts.items():
                yield row(
                    state.bucket,
                    ASSIGNMENT,
                    dims,
                    status=status,
                    item_count=count,
                    total_count=items,
                    completed_count=completed,
                    remaining_count=items - completed,
                    value=count,
                )


def assignment_stats_item_active_time_stats(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [s for s in _active(facts) if s.dims.item_id is not None]
    per_item = time_by(kept, calendar, lambda s: (pick(s.dims, ASSIGNMENT), s.dims.item_id))
    groups: dict[tuple, list[int]] = defaultdict(list)
    for (bucket, (dims, _)), ms in per_item.items():
        groups[bucket, dims].append(ms)
    for (bucket, dims), times in groups.items():
        yield row(
            bucket,
            ASSIGNMENT,
            dims,
            item_count=len(times),
            active_ms=sum(times),
            active_ms_min=min(times),
            active_ms_max=max(times),
            active_ms_median=_median(times),
        )


def _median(values: list[int]) -> Fraction:
    ordered = sorted(values)
    upper = len(ordered) // 2
    lower = upper if len(ordered) % 2 else upper - 1
    return Fraction(ordered[lower] + ordered[upper], 2)


def assignment_stats_item_total_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [s for s in facts.activity if _has_assignment(s) and s.dims.item_id is not None]
    totals = time_by(kept, calendar, lambda s: (pick(s.dims, WORK), s.status))
    for bucket, dims in {(bucket, dims) for bucket, (dims, _) in totals}:
        active = totals.get((bucket, (dims, "active")), 0)
        idle = totals.get((bucket, (dims, "idle")), 0)
        yield row(bucket, WORK, dims, active_ms=active, idle_ms=idle, value=active + idle)


def assignment_stats_annotation_action_time_stats(
    facts: Facts, calendar: Calendar
) -> Iterator[Row]:
    kept = filter(_has_assignment, facts.actions)
    groups = events_by(kept, calendar, lambda a: (pick(a.dims, WORK), a.action))
    for (bucket, (dims, action)), actions in groups.items():
        count, times = total(a.count for a in actions), spread(a.duration_ms for a in actions)
        value = ratio(times["duration_ms"], count)
        yield row(bucket, WORK, dims, action=action, action_count=count, **times, value=value)


def assignment_stats_annotation_classify_bulk_stats(
    facts: Facts, calendar: Calendar
) -> Iterator[Row]:
    kept = [a for a in facts.actions if _has_assignment(a) and a.is_bulk]
    for (bucket, dims), actions in events_by(kept, calendar, lambda a: pick(a.dims, WORK)).items():
        count, ms = total(a.count for a in actions), total(a.duration_ms for a in actions)
        components = {"action_count": count, "duration_ms": ms}
        yield row(bucket, WORK, dims, **components, value=ratio(ms, count))


def assignment_stats_active_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    yield from _active_time(_active(facts), calendar)


def assignment_stats_studio_active_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    yield from _active_time([s for s in _active(facts) if s.surface == "studio"], calendar)


def _active(facts: Facts) -> list[Activity]:
    return [s for s in facts.activity if _has_assignment(s) and s.status == "active"]


def _active_time(stretches: Iterable[Activity], calendar: Calendar) -> Iterator[Row]:
    for (bucket, dims), ms in time_by(stretches, calendar, lambda s: pick(s.dims, WORK)).items():
        yield row(bucket, WORK, dims, active_ms=ms, value=ms)


def assignment_start_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    first: dict[str, tuple[int, Dims]] = {}
    for event in facts.events:
        assignment = event.dims.assignment_id
        if (
            assignment is not None
            and event.opens_work
            and (assignment not in first or event.at_ms < first[assignment][0])
        ):
            first[assignment] = (event.at_ms, event.dims)
    for at_ms, dims in first.values():
        start = instant(at_ms)
        bucket = calendar.start(at_ms)
        yield row(bucket, ASSIGNMENT, pick(dims, ASSIGNMENT), start_time=start, value=start)


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        assignment_stats_completed_status,
        assignment_stats_item_active_time_stats,
        assignment_stats_item_total_time,
        assignment_stats_annotation_action_time_stats,
        assignment_stats_annotation_classify_bulk_stats,
        assignment_stats_active_time,
        assignment_stats_studio_active_time,
        assignment_start_time,
    )
}
