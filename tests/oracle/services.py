"""Measures 34-38: pods, queues and their running time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .buckets import Calendar, events_by, time_by
from .contract import FUNCTIONS
from .facts import Facts
from .rows import Row, pick, ratio, row

HOUR_MS = 3_600_000


def service_replica_status(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(facts.services, calendar, lambda s: pick(s.dims, FUNCTIONS))
    for (bucket, dims), samples in groups.items():
        status = max((s.at_ms, s.status) for s in samples)[1]
        restarts = [s.restarts for s in samples if s.restarts is not None]
        components = {"status": status, "restarts_max": max(restarts, default=None)}
        yield row(bucket, FUNCTIONS, dims, **components, value=status)


def service_queue_size(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    measured = [s for s in facts.services if s.queue_size is not None]
    groups = events_by(measured, calendar, lambda s: pick(s.dims, FUNCTIONS))
    for (bucket, dims), samples in groups.items():
        sizes = [s.queue_size for s in samples]
        last = max(samples, key=lambda s: (s.at_ms, str(s.queue_size))).queue_size
        yield row(
            bucket,
            FUNCTIONS,
            dims,
            sample_count=len(sizes),
            queue_sum=sum(sizes),
            queue_min=min(sizes),
            queue_max=max(sizes),
            queue_last=last,
            value=ratio(sum(sizes), len(sizes)),
        )


def service_number_of_replicas(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    up = [s for s in facts.services if s.status in ("running", "full")]
    groups = events_by(up, calendar, lambda s: pick(s.dims, FUNCTIONS))
    for (bucket, dims), samples in groups.items():
        pods = len({s.dims.pod_id for s in samples} - {None})
        yield row(bucket, FUNCTIONS, dims, replica_count=pods, value=pods)


def service_usage(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    totals = time_by(
        facts.services,
        calendar,
        lambda s: (pick(s.dims, FUNCTIONS), s.service_name, s.instance_type),
    )
    for (bucket, (dims, name, instance)), ms in totals.items():
        keys = {"service_name": name, "instance_type": instance}
        yield row(bucket, FUNCTIONS, dims, **keys, uptime_ms=ms, value=ratio(ms, HOUR_MS))


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    "service_replica_status": service_replica_status,
    "service_queue_size": service_queue_size,
    "service_number_of_replicas": service_number_of_replicas,
    "service_usage": service_usage,
    # The same rows: the project stands among the dimensions already.
    "service_usage_projects": service_usage,
}
