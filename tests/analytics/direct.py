"""What a question's answer must be, counted in plain Python over the facts alone.

No SQL but the reading of whole facts, no roll-ups, no view, nothing of the service: the catalogue
of measures once more, over any window, slice and zone.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from tests.oracle.buckets import Calendar

Row = dict[str, Any]

TABLES = {
    "activity": "core.fct_activity",
    "actions": "core.fct_annotation_actions",
    "events": "core.fct_events",
    "statuses": "core.fct_item_statuses",
    "totals": "core.fct_assignment_changes",
    "assignments": "core.fct_assignments",
    "issues": "core.fct_issue_changes",
    "cycles": "core.fct_issue_cycles",
    "services": "core.fct_service_samples",
    "executions": "core.fct_executions",
    "pipelines": "core.fct_pipeline_executions",
    "metrics": "core.fct_model_metrics",
}


def read_facts(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """Read all facts; times become epoch ms."""
    facts = {}
    for name, table in TABLES.items():
        found = warehouse.execute(f"from {table}")
        columns = [column[0] for column in found.description]
        facts[name] = [
            dict(zip(columns, map(_plain, row), strict=True)) for row in found.fetchall()
        ]
    found = warehouse.execute("select bucket, lower_ms, upper_ms from core.annotation_time_buckets")
    facts["buckets"] = [
        dict(zip(("name", "lower", "upper"), r, strict=True)) for r in found.fetchall()
    ]
    return facts


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        since = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    return value


@dataclass
class Asked:
    """A question as the count takes it."""

    start_ms: int
    end_ms: int
    granularity: str | None
    zone: str = "UTC"
    context: dict[str, list[str]] = field(default_factory=dict)
    bounds: dict[str, str] = field(default_factory=dict)
    group_by: list[str] = field(default_factory=list)
    percentiles: list[float] = field(default_factory=list)

    def bucket(self, at_ms: int) -> int:
        """Return the start of the bucket of an instant; the window is one without granularity."""
        if self.granularity is None:
            return self.start_ms
        return self._calendar.start(at_ms)

    def bucket_end(self, bucket: int) -> int:
        """Return where the part of a bucket ends that lies in the window."""
        if self.granularity is None:
            return self.end_ms
        return min(self._calendar.end(bucket), self.end_ms)

    def within(self, at_ms: int | None) -> bool:
        """Whether an instant lies in the window."""
        return at_ms is not None and self.start_ms <= at_ms < self.end_ms

    def admits(self, row: Row, aliases: dict[str, str] | None = None) -> bool:
        """Whether a row is of the slice that was asked for and may be seen."""
        names = aliases or {}
        wanted = [*self.context.items(), *((k, [v]) for k, v in self.bounds.items())]
        return all(row[names.get(name, name)] in values for name, values in wanted)

    @property
    def _calendar(self) -> Calendar:
        return Calendar(self.granularity, ZoneInfo(self.zone))


Group = dict[tuple[Any, ...], list[Row]]
Reduce = Callable[[list[Row]], Row | None]


def count(measure: str, facts: dict[str, list[Row]], asked: Asked) -> list[Row]:
    """Return the rows of a measure: period_start, dimensions and keys, components, value."""
    return list(MEASURES[measure](facts, asked))


# How rows come into buckets and groups


def moments(rows: Iterable[Row], at: str, asked: Asked, aliases: Any = None) -> Iterator[Row]:
    for row in rows:
        if asked.within(row[at]) and asked.admits(row, aliases):
            yield {**row, "period_start": asked.bucket(row[at])}


def pieces(rows: Iterable[Row], asked: Asked) -> Iterator[Row]:
    for row in rows:
        if not asked.admits(row):
            continue
        at, end = max(row["started_at"], asked.start_ms), min(row["ended_at"], asked.end_ms)
        while at < end:
            bucket = asked.bucket(at)
            until = min(end, asked.bucket_end(bucket))
            yield {**row, "period_start": bucket, "duration_ms": until - at}
            at = until


def grouped(rows: Iterable[Row], keys: list[str], reduce: Reduce) -> Iterator[Row]:
    groups: Group = defaultdict(list)
    names = list(dict.fromkeys(["period_start", *keys]))
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    for key, members in groups.items():
        found = reduce(members)
        if found is not None:
            yield {**dict(zip(names, key, strict=True)), **found}


def total(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] for row in rows if row[column] is not None)


def known(rows: Iterable[Row], column: str) -> list[Any]:
    return [row[column] for row in rows if row[column] is not None]


def different(rows: Iterable[Row], column: str) -> int:
    return len(set(known(rows, column)))


def over(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def ranks(values: list[int], shares: list[float]) -> list[float | None]:
    """Percentiles between neighbours in proportion."""
    ordered = sorted(values)
    found: list[float | None] = []
    for share in shares:
        if not ordered:
            found.append(None)
            continue
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        found.append(ordered[low] + (ordered[high] - ordered[low]) * (place - low))
    return found


# Labelling


def of_actions(
    keys: list[str], reduce: Callable[[list[Row], Asked], Row | None], where: Any = None
) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [row for row in facts["actions"] if where is None or where(row)]
        return grouped(
            moments(chosen, "action_at", asked),
            [*keys, *asked.group_by],
            lambda members: reduce(members, asked),
        )

    return rows


def actions_and_time(rows: list[Row], asked: Asked) -> Row:
    actions = total(rows, "action_count")
    return {"action_count": actions, "duration_ms": total(rows, "duration_ms"), "value": actions}


def per_label(rows: list[Row], asked: Asked) -> Row | None:
    ms, annotations = total(rows, "duration_ms"), different(rows, "annotation_id")
    if not ms and not annotations:
        return None
    return {
        "duration_ms": ms,
        "annotation_count": annotations,
        "value": over(ms, annotations),
        "percentiles": ranks(known(rows, "duration_ms"), asked.percentiles),
    }


def time_alone(rows: list[Row], asked: Asked) -> Row | None:
    ms = total(rows, "duration_ms")
    spread = ranks(known(rows, "duration_ms"), asked.percentiles)
    return {"duration_ms": ms, "value": ms, "percentiles": spread} if ms else None


def per_annotator(rows: list[Row], asked: Asked) -> Row | None:
    ms, items = total(rows, "duration_ms"), different(rows, "item_id")
    if not ms and not items:
        return None
    return {
        "duration_ms": ms,
        "item_count": items,
        "value": over(ms, items),
        "percentiles": ranks(known(rows, "duration_ms"), asked.percentiles),
    }


def time_buckets(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    def per_item(rows: list[Row]) -> Row:
        return {"ms": total(rows, "duration_ms")}

    chosen = [row for row in facts["actions"] if row["item_id"] is not None]
    items = grouped(moments(chosen, "action_at", asked), [*asked.group_by, "item_id"], per_item)
    placed = []
    for item in items:
        for bucket in facts["buckets"]:
            above = bucket["upper"] is None or item["ms"] < bucket["upper"]
            if bucket["lower"] <= item["ms"] and above:
                placed.append({**item, "bucket": bucket["name"]})

    def reduce(rows: list[Row]) -> Row:
        spread = ranks(known(rows, "ms"), asked.percentiles)
        return {"item_count": len(rows), "value": len(rows), "percentiles": spread}

    return grouped(placed, ["bucket", *asked.group_by], reduce)


def counters(rows: list[Row], asked: Asked) -> Row:
    of = {
        action: total((row for row in rows if row["action"] == action), "action_count")
        for action in ("created", "updated", "deleted")
    }
    return {
        "created_count": of["created"],
        "updated_count": of["updated"],
        "deleted_count": of["deleted"],
        "annotation_count": different(rows, "annotation_id"),
        "item_count": different(rows, "item_id"),
        "duration_ms": total(rows, "duration_ms"),
    }


def three_counters(rows: list[Row], asked: Asked) -> Row | None:
    found = counters(rows, asked)
    kept = {name: found[name] for name in ("duration_ms", "item_count", "annotation_count")}
    return kept if any(kept.values()) else None


def actions_alone(rows: list[Row], asked: Asked) -> Row:
    return {"action_count": total(rows, "action_count"), "value": total(rows, "action_count")}


def time_per_action(rows: list[Row], asked: Asked) -> Row:
    ms, actions = total(rows, "duration_ms"), total(rows, "action_count")
    return {
        "duration_ms": ms,
        "action_count": actions,
        "value": over(ms, actions),
        "percentiles": ranks(known(rows, "duration_ms"), asked.percentiles),
    }


def spread_of_actions(rows: list[Row], asked: Asked) -> Row:
    durations = known(rows, "duration_ms")
    return {
        **time_per_action(rows, asked),
        "duration_ms_min": min(durations, default=None),
        "duration_ms_max": max(durations, default=None),
    }


# Time


def of_activity(keys: list[str], reduce: Callable[[list[Row]], Row], where: Any = None) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [
            row
            for row in facts["activity"]
            if row["is_counted"] and row["duration_ms"] > 0 and (where is None or where(row))
        ]
        return grouped(pieces(chosen, asked), [*keys, *asked.group_by], reduce)

    return rows


def time_of(name: str) -> Callable[[list[Row]], Row]:
    def reduce(rows: list[Row]) -> Row:
        return {name: total(rows, "duration_ms"), "value": total(rows, "duration_ms")}

    return reduce


def by_status(rows: list[Row]) -> Row:
    active = total((row for row in rows if row["activity_status"] == "active"), "duration_ms")
    idle = total((row for row in rows if row["activity_status"] == "idle"), "duration_ms")
    return {"active_ms": active, "idle_ms": idle, "value": total(rows, "duration_ms")}


def item_times(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    keys = ["assignment_id", *asked.group_by]
    items = of_activity(
        ["assignment_id", "item_id"],
        lambda rows: {"ms": total(rows, "duration_ms")},
        lambda row: is_active(row) and row["assignment_id"] and row["item_id"],
    )(facts, asked)

    def reduce(rows: list[Row]) -> Row:
        times = known(rows, "ms")
        return {
            "item_count": len(times),
            "active_ms": sum(times),
            "active_ms_min": min(times),
            "active_ms_max": max(times),
            "active_ms_median": statistics.median(times),
            "percentiles": ranks(times, asked.percentiles),
        }

    return grouped(items, keys, reduce)


def is_active(row: Row) -> bool:
    return row["activity_status"] == "active"


def in_studio(row: Row) -> bool:
    return row["surface"] == "studio"


# Items' statuses, assignments, events


def number_of(name: str, table: str, at: str, keys: list[str], where: Any = None) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [row for row in facts[table] if where is None or where(row)]
        return grouped(
            moments(chosen, at, asked),
            [*keys, *asked.group_by],
            lambda members: {name: len(members), "value": len(members)},
        )

    return rows


def active_users(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    for row in number_of(
        "event_count", "events", "event_at", ["user_id"], lambda row: row["user_id"] is not None
    )(facts, asked):
        yield {name: value for name, value in row.items() if name != "value"}


ASSIGNMENT = [
    *("org_id", "project_id", "account_id", "dataset_id", "task_id"),
    *("assignment_id", "ontology_id"),
]


def assignment_starts(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    def reduce(rows: list[Row]) -> Row:
        first = min(known(rows, "first_event_at"))
        return {"start_time": first, "value": first}

    return grouped(
        moments(facts["assignments"], "first_event_at", asked),
        ["assignment_id", *asked.group_by],
        reduce,
    )


def completed_status(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    chosen = [
        row for row in facts["statuses"] if row["assignment_id"] is not None and asked.admits(row)
    ]
    assignments: Group = defaultdict(list)
    for row in chosen:
        assignments[tuple(row[name] for name in ASSIGNMENT)].append(row)
    for key, rows in assignments.items():
        if asked.granularity is None:
            buckets = {asked.start_ms}
        else:
            # Rows that set no status and take none away change nothing.
            buckets = {
                asked.bucket(row["changed_at"])
                for row in rows
                if asked.within(row["changed_at"]) and _moves(row, rows)
            }
        for bucket in buckets:
            end = asked.bucket_end(bucket)
            before = [row for row in rows if row["changed_at"] < end]
            yield from _assignment_at(
                dict(zip(ASSIGNMENT, key, strict=True)), before, end, facts, bucket
            )


def _in_order(rows: list[Row], id: str) -> list[Row]:
    return sorted(rows, key=lambda row: (row["changed_at"], row["status"] or "", row[id]))


def _moves(row: Row, rows: list[Row]) -> bool:
    if not row["is_cleared"] and row["status"] is not None:
        return True
    earlier = _in_order([r for r in rows if r["item_id"] == row["item_id"]], "item_status_id")
    place = earlier.index(row)
    return place > 0 and not earlier[place - 1]["is_cleared"]


def _assignment_at(
    key: Row, rows: list[Row], end: int, facts: dict[str, list[Row]], bucket: int
) -> Iterator[Row]:
    latest: dict[str | None, str | None] = {}
    had = set()
    for row in _in_order(rows, "item_status_id"):
        latest[row["item_id"]] = None if row["is_cleared"] else row["status"]
        if not row["is_cleared"] and row["status"] is not None:
            had.add(row["status"])
    announced = [
        (row["changed_at"], row["total_items"])
        for row in facts["totals"]
        if row["assignment_id"] == key["assignment_id"]
        and row["total_items"] is not None
        and row["changed_at"] < end
    ]
    whole = max(announced)[1] if announced else len(latest)
    now = [status for status in latest.values() if status is not None]
    done = sum(status in ("completed", "approved") for status in now)
    for status in had:
        number = now.count(status)
        yield {
            **{"period_start": bucket, **key, "status": status, "item_count": number},
            **{"total_count": whole, "completed_count": done, "remaining_count": whole - done},
            "value": number,
        }


# Issues


def issue_states(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    issues: Group = defaultdict(list)
    for row in facts["issues"]:
        if row["issue_id"] is not None:
            issues[(row["issue_id"],)].append(row)
    slices: dict[tuple[Any, ...], list[list[Row]]] = defaultdict(list)
    for rows in issues.values():
        ordered = _in_order(rows, "issue_change_id")
        if asked.admits(ordered[0]):
            slices[tuple(ordered[0][name] for name in asked.group_by)].append(ordered)
    for key, members in slices.items():
        times = [row["changed_at"] for rows in members for row in rows]
        if asked.granularity is None:
            buckets = {asked.start_ms}
        else:
            buckets = {asked.bucket(at) for at in times if asked.within(at)}
        for bucket in buckets:
            end = asked.bucket_end(bucket)
            states: dict[str, int] = {}
            for rows in members:
                before = [row["status"] for row in rows if row["changed_at"] < end]
                for status in before:
                    states.setdefault(status, 0)
                if before:
                    states[before[-1]] += 1
            for status, number in states.items():
                yield {
                    "period_start": bucket,
                    **dict(zip(asked.group_by, key, strict=True)),
                    **{"status": status, "issue_count": number, "value": number},
                }


def issue_time(column: str, table: str, at: str, context: Any = None) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [
            {**(context(row, facts) if context else row), "ms": row[column], "at": row[at]}
            for row in facts[table]
            if row[column] is not None
        ]

        def reduce(members: list[Row]) -> Row:
            times = known(members, "ms")
            return {
                "issue_count": len(times),
                "duration_ms": sum(times),
                "duration_ms_min": min(times),
                "duration_ms_max": max(times),
                "value": sum(times) / len(times),
                "percentiles": ranks(times, asked.percentiles),
            }

        return grouped(moments(chosen, "at", asked), asked.group_by, reduce)

    return rows


def _of_its_end(cycle: Row, facts: dict[str, list[Row]]) -> Row:
    """The context of a cycle's end: that of the change that ended it."""
    ended_by = cycle["ended_change_id"]
    return next(row for row in facts["issues"] if row["issue_change_id"] == ended_by)


def per_annotator_of_issue(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    chosen = [
        {**row, "user_id": row["annotator_user_id"]}
        for row in facts["cycles"]
        if row["annotator_user_id"] is not None
    ]
    return grouped(
        moments(chosen, "opened_at", asked),
        ["user_id", *asked.group_by],
        lambda rows: {"issue_count": len(rows), "value": len(rows)},
    )


# Services, executions, models


def last_of(rows: list[Row], column: str, at: str) -> Any:
    rated = [(row[at], str(row[column]), row[column]) for row in rows if row[column] is not None]
    return max(rated)[2] if rated else None


def of_services(keys: list[str], reduce: Reduce, where: Any = None) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [row for row in facts["services"] if where is None or where(row)]
        return grouped(moments(chosen, "started_at", asked), [*keys, *asked.group_by], reduce)

    return rows


def replica_status(rows: list[Row]) -> Row:
    status = last_of(rows, "status", "started_at")
    restarts = max(known(rows, "restart_count"), default=None)
    return {"status": status, "restarts_max": restarts, "value": status}


def queue(rows: list[Row]) -> Row | None:
    sizes = known(rows, "queue_size")
    if not sizes:
        return None
    return {
        "sample_count": len(sizes),
        "queue_sum": sum(sizes),
        "queue_min": min(sizes),
        "queue_max": max(sizes),
        "queue_last": last_of(rows, "queue_size", "started_at"),
        "value": sum(sizes) / len(sizes),
    }


def replicas(rows: list[Row]) -> Row:
    return {"replica_count": different(rows, "pod_id"), "value": different(rows, "pod_id")}


def uptime(keys: list[str]) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        def reduce(members: list[Row]) -> Row:
            ms = total(members, "duration_ms")
            return {"uptime_ms": ms, "value": ms / 3_600_000}

        chosen = [row for row in facts["services"] if row["duration_ms"] > 0]
        return grouped(pieces(chosen, asked), [*keys, *asked.group_by], reduce)

    return rows


METRIC = ["project_id", "dataset_id", "model_id", "snapshot_id"]


def metrics(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
    def reduce(rows: list[Row]) -> Row:
        y = last_of(rows, "y", "measured_at")
        return {"y": y, "value": y}

    keys = [*METRIC, "figure", "legend", "x"]
    return grouped(moments(facts["metrics"], "measured_at", asked), keys, reduce)


def finished(table: str, keys: list[str], has_spread: bool, where: Any = None) -> Any:
    def rows(facts: dict[str, list[Row]], asked: Asked) -> Iterator[Row]:
        chosen = [
            row for row in facts[table] if row["is_finished"] and (where is None or where(row))
        ]

        def reduce(members: list[Row]) -> Row:
            times = known(members, "duration_ms")
            found = {
                "execution_count": len(members),
                "duration_ms": sum(times),
                "value": sum(times) / len(members),
                "percentiles": ranks(times, asked.percentiles),
            }
            if has_spread:
                found |= {"duration_ms_min": min(times), "duration_ms_max": max(times)}
            return found

        return grouped(moments(chosen, "changed_at", asked), [*keys, *asked.group_by], reduce)

    return rows


def has(name: str) -> Callable[[Row], bool]:
    return lambda row: row[name] is not None


SERVICE = ["service_id", "service_name", "instance_type"]

MEASURES: dict[str, Any] = {
    "annotationTimeline": of_actions(["action"], actions_and_time),
    "itemStatusTimeline": number_of(
        "status_count", "statuses", "changed_at", ["status"], lambda row: not row["is_cleared"]
    ),
    "avgAnnotationTimePerLabel": of_actions(
        ["label"], per_label, lambda row: row["action"] in ("created", "updated")
    ),
    "itemAnnotationDuration": of_actions(["item_id"], time_alone, has("item_id")),
    "countItemInAnnotationTimeBucket": time_buckets,
    "avgItemAnnotationTimePerAnnotator": of_actions(["user_id"], per_annotator, has("user_id")),
    "assignmentStatsCompletedStatus": completed_status,
    "assignmentStatsItemActiveTimeStats": item_times,
    "assignmentStatsItemTotalTime": of_activity(
        ["assignment_id", "item_id"],
        by_status,
        lambda row: row["assignment_id"] is not None and row["item_id"] is not None,
    ),
    "assignmentStatsAnnotationActionTimeStats": of_actions(
        ["assignment_id", "action"], spread_of_actions, has("assignment_id")
    ),
    "assignmentStatsAnnotationClassifyBulkStats": of_actions(
        ["assignment_id"],
        time_per_action,
        lambda row: row["is_bulk"] and row["assignment_id"] is not None,
    ),
    "assignmentStatsActiveTime": of_activity(
        ["assignment_id"],
        time_of("active_ms"),
        lambda row: is_active(row) and row["assignment_id"] is not None,
    ),
    "assignmentStatsStudioActiveTime": of_activity(
        ["assignment_id"],
        time_of("active_ms"),
        lambda row: is_active(row) and in_studio(row) and row["assignment_id"] is not None,
    ),
    "assignmentStartTime": assignment_starts,
    "activeUsers": active_users,
    "labelingCounters": of_actions([], counters),
    "labelingActionsPerLabel": of_actions(["label", "action"], actions_alone),
    "labelingTimePerLabel": of_actions(["label"], time_alone),
    "labelingAvgTimePerLabel": of_actions(["label"], time_per_action),
    "userStatsTaskActivityTime": of_activity(
        ["user_id", "task_id", "activity_status"], time_of("duration_ms")
    ),
    "userStatsActivityTime": of_activity(["user_id", "activity_status"], time_of("duration_ms")),
    "userStatsActivityTimeByRole": of_activity(["role"], time_of("duration_ms")),
    "userStatsActivityTimeByField": of_activity(
        ["user_id", "activity_status"], time_of("duration_ms")
    ),
    "userStatsTotalActivityTime": of_activity([], time_of("duration_ms")),
    "userStatsStudioTime": of_activity(
        [], time_of("duration_ms"), lambda row: is_active(row) and in_studio(row)
    ),
    "issueCounters": issue_states,
    "issueCorrectionTime": issue_time("correction_ms", "issues", "changed_at"),
    "issueRaiseTime": issue_time("raise_ms", "cycles", "opened_at"),
    "issueResolveTime": issue_time("resolve_ms", "cycles", "ended_at", _of_its_end),
    "issueApprovalTime": issue_time("approval_ms", "issues", "changed_at"),
    "issueTimeline": number_of("change_count", "issues", "changed_at", ["status"]),
    "issuePerLabel": number_of("issue_count", "cycles", "opened_at", ["label"]),
    "issuePerAnnotator": per_annotator_of_issue,
    "serviceReplicaStatus": of_services(["pod_id"], replica_status),
    "serviceQueueSize": of_services(["service_id"], queue),
    "serviceNumberOfReplicas": of_services(
        ["service_id"],
        replicas,
        lambda row: row["status"] in ("running", "full") and row["pod_id"] is not None,
    ),
    "serviceUsage": uptime(SERVICE),
    "serviceUsageProjects": uptime(["project_id", *SERVICE]),
    "snapshotData": metrics,
    "executionOverTime": number_of("change_count", "executions", "changed_at", ["status"]),
    "executionDuration": finished("executions", [], True),
    "executionCountByFunction": number_of(
        "execution_count",
        "executions",
        "changed_at",
        ["function_name"],
        lambda row: row["status"] == "created",
    ),
    "executionAvgDurationByNode": finished("executions", ["node_id"], False, has("node_id")),
    "pipelineExecutionAvgDuration": finished(
        "pipelines", ["pipeline_id"], False, has("pipeline_id")
    ),
    "annotationCounters": of_actions([], three_counters),
    "annotationWholeTime": of_activity([], time_of("duration_ms"), in_studio),
    "annotationClassifyBulkTime": of_actions([], time_alone, lambda row: row["is_bulk"]),
}
