"""Measures 15 and 20-25: who was there, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .buckets import Calendar, events_by, time_by
from .contract import WORK
from .facts import Facts
from .rows import Row, pick, row


def active_users(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    by_somebody = [e for e in facts.events if e.dims.user_id is not None]
    groups = events_by(by_somebody, calendar, lambda e: pick(e.dims, WORK))
    for (bucket, dims), events in groups.items():
        yield row(bucket, WORK, dims, event_count=len(events))


def user_stats_activity_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    totals = time_by(facts.activity, calendar, lambda s: (pick(s.dims, WORK), s.status))
    for (bucket, (dims, status)), ms in totals.items():
        yield row(bucket, WORK, dims, activity_status=status, duration_ms=ms, value=ms)


def user_stats_activity_time_by_role(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    totals = time_by(facts.activity, calendar, lambda s: (pick(s.dims, WORK), s.role))
    for (bucket, (dims, role)), ms in totals.items():
        yield row(bucket, WORK, dims, role=role, duration_ms=ms, value=ms)


def user_stats_total_activity_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    for (bucket, dims), ms in time_by(
        facts.activity, calendar, lambda s: pick(s.dims, WORK)
    ).items():
        yield row(bucket, WORK, dims, duration_ms=ms, value=ms)


def user_stats_studio_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    kept = [s for s in facts.activity if s.surface == "studio" and s.status == "active"]
    for (bucket, dims), ms in time_by(kept, calendar, lambda s: pick(s.dims, WORK)).items():
        yield row(bucket, WORK, dims, duration_ms=ms, value=ms)


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    "active_users": active_users,
    # The rows of these three are the same: user and task stand among the dimensions already.
    "user_stats_activity_time": user_stats_activity_time,
    "user_stats_task_activity_time": user_stats_activity_time,
    "user_stats_activity_time_by_field": user_stats_activity_time,
    "user_stats_activity_time_by_role": user_stats_activity_time_by_role,
    "user_stats_total_activity_time": user_stats_total_activity_time,
    "user_stats_studio_time": user_stats_studio_time,
}
