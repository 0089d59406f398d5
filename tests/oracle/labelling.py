"""Measures 1-6, 16-19 and 45-47: what was labelled and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from .buckets import Calendar, events_by, time_by
from .contract import ITEMS, WORK
from .facts import AnnotationAction, Facts
from .rows import Row, pick, ratio, row, total

BUCKETS_MS = (5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000)


def annotation_timeline(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(facts.actions, calendar, lambda a: (pick(a.dims, WORK), a.action))
    for (bucket, (dims, action)), actions in groups.items():
        count = total(a.count for a in actions)
        ms = total(a.duration_ms for a in actions)
        keys = {"action": action, "action_count": count, "duration_ms": ms}
        yield row(bucket, WORK, dims, **keys, value=count)


def item_status_timeline(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    settings = [s for s in facts.statuses if s.is_set]
    groups = events_by(settings, calendar, lambda s: (pick(s.dims, WORK), s.status))
    for (bucket, (dims, status)), found in groups.items():
        n = len(found)
        yield row(bucket, WORK, dims, status=status, status_count=n, value=n)


def avg_annotation_time_per_label(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [a for a in facts.actions if a.action in ("created", "updated")]
    for bucket, dims, label, actions in _by_label(kept, calendar):
        ms = total(a.duration_ms for a in actions)
        count = _annotations(actions)
        components = {"duration_ms": ms, "annotation_count": count}
        yield row(bucket, WORK, dims, label=label, **components, value=ratio(ms, count))


def item_annotation_duration(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [a for a in facts.actions if a.dims.item_id is not None]
    yield from _durations(kept, calendar)


def count_item_in_annotation_time_bucket(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [a for a in facts.actions if a.dims.item_id is not None]
    items = events_by(kept, calendar, lambda a: (pick(a.dims, ITEMS), a.dims.item_id))
    counts: Counter[tuple] = Counter()
    for (period, (dims, _)), actions in items.items():
        ms = total(a.duration_ms for a in actions)
        bound = next((str(upper) for upper in BUCKETS_MS if ms < upper), "open")
        counts[period, dims, bound] += 1
    for (period, dims, bound), count in counts.items():
        yield row(period, ITEMS, dims, bucket=bound, item_count=count, value=count)


def avg_item_annotation_time_per_annotator(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [a for a in facts.actions if a.dims.user_id is not None]
    for bucket, dims, actions in _by_context(kept, calendar):
        ms, count = total(a.duration_ms for a in actions), _items(actions)
        components = {"duration_ms": ms, "item_count": count}
        yield row(bucket, WORK, dims, **components, value=ratio(ms, count))


def labeling_counters(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    for bucket, dims, actions in _by_context(facts.actions, calendar):
        yield row(
            bucket,
            WORK,
            dims,
            created_count=total(a.count for a in actions if a.action == "created"),
            updated_count=total(a.count for a in actions if a.action == "updated"),
            deleted_count=total(a.count for a in actions if a.action == "deleted"),
            annotation_count=_annotations(actions),
            item_count=_items(actions),
            duration_ms=total(a.duration_ms for a in actions),
        )


def labeling_actions_per_label(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(facts.actions, calendar, lambda a: (pick(a.dims, WORK), a.label, a.action))
    for (bucket, (dims, label, action)), actions in groups.items():
        n = total(a.count for a in actions)
        yield row(bucket, WORK, dims, label=label, action=action, action_count=n, value=n)


def labeling_time_per_label(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    for bucket, dims, label, actions in _by_label(facts.actions, calendar):
        ms = total(a.duration_ms for a in actions)
        yield row(bucket, WORK, dims, label=label, duration_ms=ms, value=ms)


def labeling_avg_time_per_label(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    for bucket, dims, label, actions in _by_label(facts.actions, calendar):
        ms, count = total(a.duration_ms for a in actions), total(a.count for a in actions)
        components = {"duration_ms": ms, "action_count": count}
        yield row(bucket, WORK, dims, label=label, **components, value=ratio(ms, count))


def annotation_counters(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    for bucket, dims, actions in _by_context(facts.actions, calendar):
        ms = total(a.duration_ms for a in actions)
        counts = {"item_count": _items(actions), "annotation_count": _annotations(actions)}
        yield row(bucket, WORK, dims, duration_ms=ms, **counts)


def annotation_whole_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    in_studio = [s for s in facts.activity if s.surface == "studio"]
    totals = time_by(in_studio, calendar, lambda s: pick(s.dims, WORK))
    for (bucket, dims), ms in totals.items():
        yield row(bucket, WORK, dims, duration_ms=ms, value=ms)


def annotation_classify_bulk_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    yield from _durations([a for a in facts.actions if a.is_bulk], calendar)


def _durations(actions: Iterable[AnnotationAction], calendar: Calendar) -> Iterator[Row]:
    for bucket, dims, group in _by_context(actions, calendar):
        ms = total(a.duration_ms for a in group)
        yield row(bucket, WORK, dims, duration_ms=ms, value=ms)


def _by_context(actions: Iterable[AnnotationAction], calendar: Calendar) -> Iterator[tuple]:
    groups = events_by(actions, calendar, lambda a: pick(a.dims, WORK))
    for (bucket, dims), group in groups.items():
        yield bucket, dims, group


def _by_label(actions: Iterable[AnnotationAction], calendar: Calendar) -> Iterator[tuple]:
    groups = events_by(actions, calendar, lambda a: (pick(a.dims, WORK), a.label))
    for (bucket, (dims, label)), group in groups.items():
        yield bucket, dims, label, group


def _annotations(actions: Iterable[AnnotationAction]) -> int:
    return len({a.annotation_id for a in actions} - {None})


def _items(actions: Iterable[AnnotationAction]) -> int:
    return len({a.dims.item_id for a in actions} - {None})


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        annotation_timeline,
        item_status_timeline,
        avg_annotation_time_per_label,
        item_annotation_duration,
        count_item_in_annotation_time_bucket,
        avg_item_annotation_time_per_annotator,
        labeling_counters,
        labeling_actions_per_label,
        labeling_time_per_label,
        labeling_avg_time_per_label,
        annotation_counters,
        annotation_whole_time,
        annotation_classify_bulk_time,
    )
}
