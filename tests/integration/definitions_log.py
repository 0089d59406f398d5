"""The hand-made log of test_definitions.py, small enough to work out its answers on paper.

March 2026: the 2nd, 9th and 30th are Mondays, the 8th is a Sunday. Times are UTC.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from orchestration.landing.schemas import CVAT_COLUMNS

# CVAT's report --------------------------------------------------------------------------------

REPORT_PROJECT, REPORT_TASK, REPORT_JOB, REPORT_USER = "830001", "830011", "830111", "831"

REPORT_DAYS = (
    # day, created as (kind, count), deleted as (kind, count), reported ms; a count that is not
    # there is one object.
    ("2026-03-02", (("shapes", 390), ("tracks", 10)), (("shapes", 50),), 28_800_000),
    ("2026-03-03", (("shapes", 5), ("tags", None)), (("shapes", 280), ("tracks", 20)), 7_200_000),
    ("2026-03-04", (("shapes", 500),), (("tags", 45),), 28_800_000),
    ("2026-03-05", (("shapes", 400),), (), 28_800_000),
    ("2026-03-06", (("shapes", 300),), (("shapes", 100),), 28_800_000),
    ("2026-03-07", (("tags", 200),), (), 28_045_800),
)

# Issues of CVAT -------------------------------------------------------------------------------

CVAT_ISSUES = (
    # time, scope, issue, resolved. 840001 is reopened and deleted, 840002 deleted when resolved.
    ("2026-03-02 10:00:00", "create:issue", 840001, None),
    ("2026-03-02 12:00:00", "update:issue", 840001, "True"),
    ("2026-03-03 09:00:00", "update:issue", 840001, "False"),
    ("2026-03-04 09:00:00", "delete:issue", 840001, None),
    ("2026-03-02 10:00:00", "create:issue", 840002, None),
    ("2026-03-02 11:00:00", "update:issue", 840002, "True"),
    ("2026-03-02 13:00:00", "delete:issue", 840002, None),
)
CVAT_ISSUES_PROJECT = "830002"

# Samples --------------------------------------------------------------------------------------

ITEMS = (
    # time, assignment, item, status; `-status` is a clearing.
    ("2026-03-02 10:00:00", "weekly", "i1", "completed"),
    ("2026-03-02 10:00:30", "weekly", "i2", "completed"),
    ("2026-03-08 23:59:59.999", "weekly", "i1", "approved"),  # last ms of the week
    ("2026-03-09 00:00:00", "weekly", "i2", "-completed"),
    ("2026-03-09 00:00:30", "weekly", "i2", "discard"),  # cleared, then set in one minute
    ("2026-03-31 23:59:59.999", "weekly", "i3", "completed"),  # last ms of the month
    ("2026-03-03 10:00:00", "announced", "j1", "completed"),
    ("2026-03-11 10:00:00", "announced", "j1", "-completed"),
    ("2026-03-03 10:00:00", "again", "k1", "completed"),
    ("2026-03-03 11:00:00", "again", "k1", "completed"),
)

TOTALS = (
    # time, assignment, totalItems
    ("2026-03-02 09:00:00", "announced", 10),
    ("2026-03-10 09:00:00", "announced", 12),
)

ISSUES = (
    # time, issue, change, by. The first is raised in the last ms of a week, sent back, approved,
    # reopened and cleared; the second is only raised.
    ("2026-03-08 23:59:59.999", "first", "issue", "rita"),
    ("2026-03-09 08:00:00", "first", "review", "anna"),
    ("2026-03-09 08:00:00", "second", "issue", "rita"),
    ("2026-03-09 09:00:00", "first", "issue", "rita"),
    ("2026-03-09 10:00:00", "first", "review", "anna"),
    ("2026-03-09 11:00:00", "first", "approved", "rita"),
    ("2026-03-10 08:00:00", "first", "issue", "rita"),
    ("2026-03-10 08:30:00", "first", "cleared", "rita"),
)

PODS = (
    # time, pod, status, restarts
    ("2026-03-08 23:59:00", "p1", "running", 1),
    ("2026-03-08 23:59:59.999", "p1", "failed", 2),
    ("2026-03-09 00:00:00", "p1", "initializing", 0),
    ("2026-03-09 10:00:00", "p1", "running", 0),  # two at one ms: the larger text wins
    ("2026-03-09 10:00:00", "p1", "down", 0),
    ("2026-03-12 10:00:00", "p2", "paused", None),
)

METRICS = (
    # time, x, y
    ("2026-03-08 23:59:59.999", 1, 0.5),
    ("2026-03-09 00:00:00", 1, 0.25),
    ("2026-03-10 10:00:00", 2, 9.0),  # two at one ms: as texts, 9.0 is larger than 10.0
    ("2026-03-10 10:00:00", 2, 10.0),
)


def sample(
    kind: str, action: str, at: str, context: dict, data: dict, minutes: int = 0
) -> dict[str, object]:
    start = round(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)
    return {
        "startTime": start,
        "endTime": start + minutes * 60_000,
        "context": context,
        "eventType": kind,
        "entityType": kind,
        "action": action,
        "data": data,
    }


def samples() -> Iterator[dict]:
    for at, assignment, item, status in ITEMS:
        context = {"projectId": "items", "assignmentId": assignment, "itemId": item}
        action = "delete" if status.startswith("-") else "create"
        yield sample("item_status", action, at, context, {"status": status.lstrip("-")})
    for at, assignment, total in TOTALS:
        context = {"projectId": "items", "assignmentId": assignment}
        yield sample("assignment", "assigned", at, context, {"totalItems": total})
    for at, issue, change, user in ISSUES:
        context = {"projectId": "issues", "userId": user}
        data = {"issueId": issue, "label": "car", "annotator": "anna"}
        yield sample("issue", change, at, context, data)
    for at, pod, status, restarts in PODS:
        context = {"projectId": "pods", "serviceId": "s1", "podId": pod}
        data = {"status": status, "numRestarts": restarts}
        yield sample("service", "activity", at, context, data, minutes=1)
    for at, x, y in METRICS:
        context = {"projectId": "metrics", "modelId": "m1", "snapshotId": "v1"}
        data = {"figure": "loss", "legend": "train", "x": x, "y": y}
        yield sample("model_metric", "sample", at, context, data)


def cvat_rows() -> Iterator[dict]:
    place = {
        "source": "server",
        "project_id": REPORT_PROJECT,
        "task_id": REPORT_TASK,
        "job_id": REPORT_JOB,
        "user_id": REPORT_USER,
        "duration": 0,
    }
    for day, created, deleted, reported_ms in REPORT_DAYS:
        for hour, verb, changes in ((9, "create", created), (10, "delete", deleted)):
            for kind, count in changes:
                at = f"{day} {hour:02d}:00:00+00:00"
                yield {**place, "scope": f"{verb}:{kind}", "timestamp": at, "count": count}
        at = f"{day} 08:00:00+00:00"
        yield {**place, "scope": "send:working_time", "timestamp": at, "duration": reported_ms}
    for at, scope, issue, resolved in CVAT_ISSUES:
        yield {
            **place,
            "scope": scope,
            "timestamp": f"{at}+00:00",
            "project_id": CVAT_ISSUES_PROJECT,
            "obj_id": issue,
            "obj_name": resolved and "resolved",
            "obj_val": resolved,
        }


def write_log(folder: Path) -> None:
    """Write the samples and the rows of CVAT into the folder."""
    with (folder / "samples.jsonl").open("w") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in samples())
    with (folder / "events.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, CVAT_COLUMNS)
        writer.writeheader()
        writer.writerows(cvat_rows())
