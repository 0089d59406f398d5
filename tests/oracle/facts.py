"""The facts of the catalogue, each from CVAT's rows and from platform samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from . import activity
from .buckets import local_date
from .saves import saved
from .typed import Batch, CvatRow, Dims, Sample, seconds_to_ms


class Event(NamedTuple):
    """One accepted row or sample."""

    at_ms: int
    dims: Dims
    opens_work: bool  # may be the first event of its assignment


class AnnotationAction(NamedTuple):
    at_ms: int
    dims: Dims
    action: str
    count: int
    duration_ms: int | None
    annotation_id: str | None
    label: str | None
    is_bulk: bool


class ItemStatus(NamedTuple):
    at_ms: int
    dims: Dims
    status: str
    is_set: bool  # False: cleared


class TotalItems(NamedTuple):
    at_ms: int
    assignment_id: str | None
    total: int


class IssueChange(NamedTuple):
    at_ms: int
    dims: Dims
    issue_id: str | None
    status: str
    annotation_id: str | None
    label: str | None
    annotator: str | None


class ServiceSample(NamedTuple):
    start_ms: int
    end_ms: int
    at_ms: int
    dims: Dims
    status: str
    restarts: int | None
    queue_size: int | None
    service_name: str | None
    instance_type: str | None


class Execution(NamedTuple):
    at_ms: int
    dims: Dims
    status: str
    function_name: str | None
    duration_ms: int | None


class MetricPoint(NamedTuple):
    at_ms: int
    dims: Dims
    figure: str | None
    legend: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Facts:
    """All that the measures are calculated from; activity holds only what counts."""

    activity: list[activity.Activity]
    events: list[Event]
    actions: list[AnnotationAction]
    statuses: list[ItemStatus]
    totals: list[TotalItems]
    issues: list[IssueChange]
    services: list[ServiceSample]
    executions: list[Execution]
    pipelines: list[Execution]
    metrics: list[MetricPoint]


def build(
    rows: list[CvatRow], batches: list[Batch], samples: list[Sample], variables: dict[str, Any]
) -> Facts:
    """Return the facts of accepted records."""
    threshold_ms = variables["activity_gap_threshold_ms"]
    if variables["client_batches_are_events"]:
        rows = rows + [row for batch in batches for row in _stored_rows(batch)]
    stretches = [
        *activity.reported_by_cvat(rows),
        *activity.replayed(batches, threshold_ms),
        *activity.derived(rows, threshold_ms, variables["idle_cutoff_ms"]),
        *activity.from_platform(samples),
    ]
    zone = ZoneInfo(variables["reporting_timezone"])
    return Facts(
        activity=activity.counted(stretches, variables["working_time_methods"], zone),
        events=[*map(_event_of_row, rows), *map(_event_of_sample, samples)],
        actions=[*_cvat_actions(rows), *_platform_actions(samples)],
        statuses=[*_cvat_statuses(rows), *_platform_statuses(samples)],
        totals=_totals(samples),
        issues=[*_cvat_issues(rows), *_platform_issues(samples)],
        services=_services(samples),
        executions=[*_cvat_calls(rows), *_runs(samples, "execution")],
        pipelines=_runs(samples, "pipeline_execution"),
        metrics=_metrics(samples),
    )


def _of(samples: Iterable[Sample], event_type: str) -> list[Sample]:
    return [sample for sample in samples if sample.event_type == event_type]


def _stored_rows(batch: Batch) -> list[CvatRow]:
    """Return a batch's events as CVAT would have stored them: all but `user:activity`."""
    return [
        CvatRow(
            scope=event.scope,
            obj_name=event.obj_name,
            obj_id=event.obj_id,
            obj_val=event.obj_val,
            source="client",
            at_ms=(event.at_us + batch.shift_us()) // 1000,
            count=event.count,
            duration_ms=event.duration_ms,
            project_id=event.project_id,
            task_id=event.task_id,
            job_id=event.job_id,
            user_id=batch.user_id,
            user_name=batch.user_name,
            user_email=batch.user_email,
            org_id=batch.org_id,
            org_slug=batch.org_slug,
            payload=event.payload,
            access_token_id=None,
        )
        for event in batch.events
        if event.scope != "user:activity"
    ]


def _event_of_row(row: CvatRow) -> Event:
    is_job_upkeep = row.source == "server" and row.scope.endswith(":job")
    return Event(row.at_ms, row.dims(), not is_job_upkeep)


def _event_of_sample(sample: Sample) -> Event:
    return Event(sample.start_ms, sample.dims, sample.event_type != "assignment")


ACTIONS = {"create": "created", "update": "updated", "delete": "deleted"}
DRAWING = {
    f"{verb}:{noun}": action
    for action, verbs in {
        "created": ("draw", "paste", "propagate"),
        "updated": ("drag", "resize", "merge", "group", "join", "split", "slice"),
        "deleted": ("delete",),
    }.items()
    for verb in verbs
    for noun in ("object", "objects")
}


def _cvat_actions(rows: list[CvatRow]) -> list[AnnotationAction]:
    """Return the server's annotation rows with the time the client had drawn since the last.

    Per user, job, action and UTC day; at one ms the client's rows come first, and of the server's
    the one whose scope is the smaller text.
    """
    groups: dict[tuple, list[tuple]] = defaultdict(list)
    for row in rows:
        verb, _, noun = row.scope.partition(":")
        on_server = verb in ACTIONS and noun in ("tags", "shapes", "tracks")
        by_client = row.source == "client" and row.scope in DRAWING
        if on_server or by_client:
            action = ACTIONS[verb] if on_server else DRAWING[row.scope]
            key = (row.user_id, row.job_id, action, local_date(row.at_ms))
            groups[key].append((row.at_ms, on_server, repr(row), row))
    actions = []
    for (_, _, action, _), group in groups.items():
        drawn_ms = None
        for at_ms, on_server, _, row in sorted(group):
            if not on_server:
                drawn_ms = (drawn_ms or 0) + row.duration_ms
                continue
            for part in saved(row, drawn_ms):
                dims = row.dims()._replace(item_id=part.item_id)
                known = (part.count, part.duration_ms, part.annotation_id, part.label)
                actions.append(AnnotationAction(at_ms, dims, action, *known, is_bulk=False))
            drawn_ms = None
    return actions


def _platform_actions(samples: list[Sample]) -> list[AnnotationAction]:
    return [
        AnnotationAction(
            at_ms=s.start_ms,
            dims=s.dims,
            action=s.action,
            count=1 if s.value("count") is None else int(s.value("count")),
            duration_ms=None if s.value("duration") is None else int(s.value("duration")),
            annotation_id=s.value("annotationId"),
            label=s.value("label"),
            is_bulk=s.value("bulk") is True,
        )
        for s in _of(samples, "annotation")
    ]


def _cvat_statuses(rows: list[CvatRow]) -> list[ItemStatus]:
    return [
        ItemStatus(row.at_ms, row.dims(), row.obj_val, True)
        for row in rows
        if row.scope == "update:job" and row.obj_name in ("state", "stage")
    ]


def _platform_statuses(samples: list[Sample]) -> list[ItemStatus]:
    return [
        ItemStatus(s.start_ms, s.dims, s.value("status"), s.action == "create")
        for s in _of(samples, "item_status")
    ]


def _totals(samples: list[Sample]) -> list[TotalItems]:
    return [
        TotalItems(s.start_ms, s.dims.assignment_id, int(s.value("totalItems")))
        for s in _of(samples, "assignment")
        if s.value("totalItems") is not None
    ]


def _cvat_issues(rows: list[CvatRow]) -> list[IssueChange]:
    changes = []
    for row in rows:
        status = None
        if row.scope == "create:issue":
            status = "issue"
        elif row.scope == "delete:issue":
            status = "cleared"
        elif row.scope == "update:issue" and row.obj_name == "resolved":
            status = {"True": "approved", "False": "issue"}.get(row.obj_val)
        if status is not None:
            changes.append(IssueChange(row.at_ms, row.dims(), row.obj_id, status, None, None, None))
    return changes


def _platform_issues(samples: list[Sample]) -> list[IssueChange]:
    return [
        IssueChange(
            at_ms=s.start_ms,
            dims=s.dims,
            issue_id=s.value("issueId"),
            status=s.action,
            annotation_id=s.value("annotationId"),
            label=s.value("label"),
            annotator=s.value("annotator"),
        )
        for s in _of(samples, "issue")
    ]


def _services(samples: list[Sample]) -> list[ServiceSample]:
    return [
        ServiceSample(
            start_ms=s.start_ms,
            end_ms=s.end_ms,
            at_ms=s.start_ms,
            dims=s.dims,
            status=s.value("status"),
            restarts=s.value("numRestarts"),
            queue_size=s.value("queueSize"),
            service_name=s.service_name,
            instance_type=s.pod_type,
        )
        for s in _of(samples, "service")
    ]


def _cvat_calls(rows: list[CvatRow]) -> list[Execution]:
    calls = []
    for row in rows:
        if row.scope == "call:function":
            function = row.payload_value("function") or {}
            calls.append(Execution(row.at_ms, row.dims(), "created", function.get("id"), None))
    return calls


def _runs(samples: list[Sample], event_type: str) -> list[Execution]:
    runs = []
    for s in _of(samples, event_type):
        seconds = s.value("duration")
        duration_ms = None if seconds is None else seconds_to_ms(seconds)
        status, function = s.value("status"), s.value("functionName")
        runs.append(Execution(s.start_ms, s.dims, status, function, duration_ms))
    return runs


def _metrics(samples: list[Sample]) -> list[MetricPoint]:
    return [
        MetricPoint(
            at_ms=s.start_ms,
            dims=s.dims,
            figure=s.value("figure"),
            legend=s.value("legend"),
            x=float(s.value("x")),
            y=float(s.value("y")),
        )
        for s in _of(samples, "model_metric")
    ]
