"""Random samples of an annotation platform, about the same people and jobs as CVAT's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.law.cvat import Place, Record, pick
from tests.law.times import DAY, HOUR, SECOND

ACTIVE_MS = (*(0, 30 * SECOND, 30 * SECOND, 300_001, HOUR) * 10, 26 * HOUR)
SAMPLED_MS = (*(0, 60 * SECOND, 60 * SECOND) * 12, DAY + HOUR)
"""How long stretches are: now and then longer than a day."""

REVIEW = ("issue", "issue", "issue", "annotation", "annotation", "item_status")
WORK = ("activity", "activity", "annotation", "item_status", "item_status", "assignment")
MACHINES = ("service", "service", "execution", "pipeline_execution", "model_metric")
KINDS = (*REVIEW, *WORK, *MACHINES)
"""Event types, each as often as it is drawn: of one theme, or all."""

WRONG_SAMPLES = ({"eventType": "party"}, {"endTime": 1}, {"data": []}, {"startTime": None})
"""What makes a sample go to quarantine."""


@st.composite
def samples(draw: st.DrawFn, place: Place, at_ms: int, kinds: Sequence[str] = KINDS) -> Record:
    """Draw one sample that starts at a time (ms)."""
    kind = draw(pick(kinds))
    action, length, more, data = draw(_KINDS[kind](place))
    context = {
        **_work(place, draw(pick((0, 0, 1, None)))),
        **({"role": "reviewer"} if draw(st.integers(0, 5)) == 5 else {}),
        **more,
    }
    return {
        "startTime": at_ms,
        "endTime": at_ms + length,
        "context": {key: str(value) for key, value in context.items() if value is not None},
        "eventType": kind,
        "entityType": kind,
        "action": action,
        "data": {key: value for key, value in data.items() if value is not None},
    }


@st.composite
def bad_samples(draw: st.DrawFn, place: Place, at_ms: int) -> Record:
    """Draw a sample that cannot be understood."""
    good = {"startTime": at_ms, "endTime": at_ms, "context": {}, "eventType": "service"}
    return {**good, "entityType": "service", "action": "activity", "data": {},
            **draw(pick(WRONG_SAMPLES))}  # fmt: skip


def _work(place: Place, item: int | None) -> Record:
    ids = place.ids
    return {
        "userId": None if place.user is None else place.base + 301 + place.user,
        "orgId": ids["org_id"],
        "projectId": ids["project_id"],
        "accountId": place.base + 21,
        "taskId": ids["task_id"],
        "assignmentId": ids["job_id"],
        "itemId": None if item is None else place.base + 701 + item,
    }


Parts = tuple[str, int, Record, dict[str, Any]]


@st.composite
def _activity(draw: st.DrawFn, place: Place) -> Parts:
    surface = draw(pick(("studio", "studio", "browser")))
    return draw(pick(("active", "active", "idle"))), draw(pick(ACTIVE_MS)), {}, {"surface": surface}


@st.composite
def _annotation(draw: st.DrawFn, place: Place) -> Parts:
    data = {
        "annotationId": draw(pick((place.base + 801, place.base + 802, None))),
        "label": draw(pick(("car", "Riß", None))),
        "duration": draw(pick((None, 0, 4999, 5000, 30_001))),
        "count": draw(pick((None, 1, 3))),
        "bulk": draw(pick((None, False, True))),
    }
    if data["annotationId"] is not None:
        data["annotationId"] = str(data["annotationId"])
    return draw(pick(("created", "created", "updated", "deleted"))), 0, {}, data


@st.composite
def _item_status(draw: st.DrawFn, place: Place) -> Parts:
    status = draw(pick(("completed", "completed", "approved", "discard")))
    return draw(pick(("create", "create", "create", "delete"))), 0, {}, {"status": status}


@st.composite
def _assignment(draw: st.DrawFn, place: Place) -> Parts:
    data = {
        "totalItems": draw(pick((None, 0, 2, 5))),
        "annotator": draw(pick((None, str(place.base + 301), str(place.base + 302)))),
    }
    return draw(pick(("created", "assigned", "done", "reopened"))), 0, {}, data


@st.composite
def _issue(draw: st.DrawFn, place: Place) -> Parts:
    known = ("issueId", "annotationId")
    issue, annotation = draw(pick((901, 901, 902, None))), draw(pick((801, 802, None)))
    ids = zip(known, (issue, annotation), strict=True)
    data: Record = {key: None if n is None else str(place.base + n) for key, n in ids}
    if draw(st.integers(0, 2)) == 2:
        data |= {"label": "Riß", "annotator": str(place.base + 302)}
    return draw(pick(("issue", "issue", "review", "approved", "cleared"))), 0, {}, data


@st.composite
def _service(draw: st.DrawFn, place: Place) -> Parts:
    where = {
        "serviceId": place.base + 31,
        "podId": draw(pick((place.base + 41, place.base + 42, None))),
        "podType": "regular-xs",
    }
    data = {
        "status": draw(pick(("running", "running", "full", "failed", "paused"))),
        "numRestarts": draw(pick((None, 0, 2))),
        "queueSize": draw(pick((None, 0, 9, 10))),
        "interval": 60,
        "serviceName": draw(pick((None, "Détecteur"))),
    }
    return "activity", draw(pick(SAMPLED_MS)), where, data


def _pipeline(place: Place) -> Record:
    return {"pipelineId": place.base + 51, "pipelineExecutionId": place.base + 61}


@st.composite
def _execution(draw: st.DrawFn, place: Place) -> Parts:
    status = draw(pick(("created", "in-progress", "success", "failed", "rerun")))
    where = {**_pipeline(place), "nodeId": draw(pick((None, place.base + 71)))}
    data = {
        "status": status,
        "functionName": draw(pick(("f", "g", None))),
        "duration": draw(pick((None, 0.0005, 2.6745, 30))),
    }
    return "x", 0, where, data


@st.composite
def _pipeline_execution(draw: st.DrawFn, place: Place) -> Parts:
    data = {"status": draw(pick(("pending", "success", "failed"))),
            "duration": draw(pick((None, 12.3455, 99)))}  # fmt: skip
    return "x", 0, _pipeline(place), data


@st.composite
def _model_metric(draw: st.DrawFn, place: Place) -> Parts:
    where = {"modelId": place.base + 81, "snapshotId": place.base + 82}
    data = {
        "figure": "loss",
        "legend": draw(pick(("train", "val"))),
        "x": draw(pick((1, 1.0, 2.5))),
        "y": draw(pick((0, 9, 10, 0.75))),
    }
    return "sample", 0, where, data


_KINDS = {
    "activity": _activity,
    "annotation": _annotation,
    "item_status": _item_status,
    "assignment": _assignment,
    "issue": _issue,
    "service": _service,
    "execution": _execution,
    "pipeline_execution": _pipeline_execution,
    "model_metric": _model_metric,
}
