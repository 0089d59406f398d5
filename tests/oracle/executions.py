"""Measures 39-44: model metrics, executions and pipeline runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .buckets import Calendar, events_by
from .contract import METRIC, PIPELINES, RUNS
from .facts import Execution, Facts
from .rows import Row, pick, ratio, row, spread, total

FINISHED = ("success", "failed", "canceled", "aborted", "terminated", "system-failure")
FINISHED_PIPELINE = ("success", "failed", "terminated")


def snapshot_data(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(
        facts.metrics, calendar, lambda m: (pick(m.dims, METRIC), m.figure, m.legend, m.x)
    )
    for (bucket, (dims, figure, legend, x)), points in groups.items():
        y = max(points, key=lambda m: (m.at_ms, str(m.y))).y
        yield row(bucket, METRIC, dims, figure=figure, legend=legend, x=x, y=y, value=y)


def execution_over_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(facts.executions, calendar, lambda e: (pick(e.dims, RUNS), e.status))
    for (bucket, (dims, status)), changes in groups.items():
        n = len(changes)
        yield row(bucket, RUNS, dims, status=status, change_count=n, value=n)


def execution_duration(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    done = _finished(facts.executions, FINISHED)
    for (bucket, dims), runs in events_by(done, calendar, lambda e: pick(e.dims, RUNS)).items():
        times = spread(run.duration_ms for run in runs)
        value = ratio(times["duration_ms"], len(runs))
        yield row(bucket, RUNS, dims, execution_count=len(runs), **times, value=value)


def execution_count_by_function(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    created = [e for e in facts.executions if e.status == "created"]
    groups = events_by(created, calendar, lambda e: (pick(e.dims, RUNS), e.function_name))
    for (bucket, (dims, name)), found in groups.items():
        n = len(found)
        yield row(bucket, RUNS, dims, function_name=name, execution_count=n, value=n)


def execution_avg_duration_by_node(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    done = _finished(facts.executions, FINISHED)
    yield from _averages([e for e in done if e.dims.node_id is not None], calendar)


def pipeline_execution_avg_duration(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    done = _finished(facts.pipelines, FINISHED_PIPELINE)
    yield from _averages([e for e in done if e.dims.pipeline_id is not None], calendar)


def _finished(runs: Iterable[Execution], statuses: tuple[str, ...]) -> list[Execution]:
    return [run for run in runs if run.status in statuses and run.duration_ms is not None]


def _averages(runs: Iterable[Execution], calendar: Calendar) -> Iterator[Row]:
    groups = events_by(runs, calendar, lambda e: pick(e.dims, PIPELINES))
    for (bucket, dims), found in groups.items():
        components = {
            "execution_count": len(found),
            "duration_ms": total(run.duration_ms for run in found),
        }
        value = ratio(components["duration_ms"], len(found))
        yield row(bucket, PIPELINES, dims, **components, value=value)


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        snapshot_data,
        execution_over_time,
        execution_duration,
        execution_count_by_function,
        execution_avg_duration_by_node,
        pipeline_execution_avg_duration,
    )
}
