"""Random rows of CVAT's log and random captured batches, of one island's people and jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.law.times import GAPS_MS, SECOND, iso

Record = dict[str, Any]

pick = st.sampled_from

SIMPLE = ("zoom:image", "load:job", "click:element", "save:job", "fit:image")
DRAWING = ("draw:object", "paste:object", "drag:object", "merge:objects", "delete:object")
SAVES = tuple(f"{verb}:{kind}" for verb in ("create", "update", "delete")
              for kind in ("shapes", "tags", "tracks"))  # fmt: skip
ISSUE = ("create:issue", "resolve", "reopen", "position", "delete:issue")
JOB = ("create:job", "state", "stage", "assignee", "delete:job")
NAMED = ("organization", "project", "task", "label")
CLOCK = ("simple", "frame", "frame", "worked", "worked", "report")
SAVING = ("drawing", "drawing", "drawing", "save", "save", "frame")
LIFE = ("issue", "issue", "job", "name", "simple", "function")
FAMILIES = (*CLOCK, *SAVING, *LIFE, *LIFE[:4], "unknown", "exception")
"""Kinds of rows, each as often as it is drawn: of one theme, or all."""

FRAME_MS = (0, 5 * SECOND, 99_999, 300_000, 400_000, 2_000_000)
DRAWING_MS = (0, 7, 1000, 8001)
WORKED_MS = (0, 500, 60_000, 60_000, 5_400_000)
REPORT_MS = (*(0, 20_000, 480_000, 20_000, 3_700_000) * 12, 90_000_000)
"""Reported times: now and then longer than a day."""


@dataclass(frozen=True)
class Place:
    """The ids that an island's rows carry: each is the island's base plus a few."""

    base: int
    user: int | None
    job: int | None
    org: int | None

    @property
    def ids(self) -> Record:
        """Project, task and job of a row, and its organization."""
        job = self.job
        return {
            "project_id": None if job is None else self.base + 11 + job % 2,
            "task_id": None if job is None else self.base + 101 + job // 2,
            "job_id": None if job is None else self.base + 201 + job,
            "org_id": None if self.org is None else self.base + 1 + self.org,
            "org_slug": None if self.org is None else f"org-{self.org}",
        }


@st.composite
def places(draw: st.DrawFn, base: int) -> Place:
    """Draw who works where; now and then one of them is unknown."""
    user, job = draw(pick((0, 0, 0, 1, None))), draw(pick((0, 0, 1, 2, None)))
    return Place(base, user, job, org=draw(pick((0, 1, None))))


@st.composite
def people(draw: st.DrawFn, place: Place) -> Record:
    """Draw how a row names its user: names change, and are missing."""
    if place.user is None or draw(st.integers(0, 11)) == 11:
        return {"user_id": None, "user_name": None, "user_email": None}
    name = draw(pick(("ann", "ann", "Ann B.", None)))
    email = None if name is None else f"{name[:3].lower()}@example.org"
    return {"user_id": place.base + 301 + place.user, "user_name": name, "user_email": email}


@st.composite
def event_rows(
    draw: st.DrawFn, place: Place, at_ms: int, families: Sequence[str] = FAMILIES
) -> Record:
    """Draw one row of CVAT's log at a time (ms); `timestamp` stays a number of ms."""
    family = draw(pick(families))
    scope, fields, payload = draw(_FAMILIES[family](place))
    on_server = family in ("report", "save", "issue", "job", "name", "function", "unknown")
    hidden = draw(st.integers(0, 15)) == 15
    request = {"request": {"id": "r-1"}} if on_server else {"client_id": draw(pick(("c-1", "c-2")))}
    return {
        "scope": scope,
        "source": "server" if on_server else "client",
        "timestamp": at_ms,
        "duration": 0,
        **place.ids,
        **draw(people(place)),
        "payload": None if hidden else json.dumps({**request, **payload}),
        **fields,
    }


Parts = tuple[str, Record, Record]


def _simple(place: Place) -> st.SearchStrategy[Parts]:
    return pick(SIMPLE).map(lambda scope: (scope, {}, {}))


@st.composite
def _frame(draw: st.DrawFn, place: Place) -> Parts:
    fields = {"count": 1, "duration": draw(pick(FRAME_MS))}
    return "change:frame", fields, {"to": draw(st.integers(0, 2))}


@st.composite
def _drawing(draw: st.DrawFn, place: Place) -> Parts:
    return draw(pick(DRAWING)), {"count": 1, "duration": draw(pick(DRAWING_MS))}, {}


@st.composite
def _worked(draw: st.DrawFn, place: Place) -> Parts:
    scope = draw(pick(("zoom:image", "change:frame")))
    fields = {"duration": 5000} if scope == "change:frame" else {}
    return scope, fields, {"working_time": draw(pick(WORKED_MS))}


def _report(place: Place) -> st.SearchStrategy[Parts]:
    return pick(REPORT_MS).map(
        lambda ms: ("send:working_time", {"duration": ms}, {"working_time": ms})
    )


@st.composite
def _save(draw: st.DrawFn, place: Place) -> Parts:
    scope = draw(pick(SAVES))
    kind = scope.partition(":")[2]
    count = draw(pick((1, 2, 2, 3, None)))
    fields = {"count": count, "obj_name": "rectangle" if kind == "shapes" else None}
    if draw(st.integers(0, 2)) == 0:
        return scope, fields, {}
    first = draw(st.integers(0, 2))
    numbers = range(first, first + (count or 1))
    objects = [
        {"id": place.base + 501 + n, "frame": n % 3, "label_id": place.base + 401 + n % 2}
        for n in numbers
    ]
    return scope, fields, {kind: objects}


@st.composite
def _issue(draw: st.DrawFn, place: Place) -> Parts:
    step, number = draw(pick(ISSUE)), place.base + 601 + draw(st.integers(0, 1))
    if step in ("create:issue", "delete:issue"):
        return step, {"obj_id": number}, {}
    field = "position" if step == "position" else "resolved"
    value = {"resolve": "True", "reopen": "False"}.get(step, "[1, 2]")
    return "update:issue", {"obj_id": number, "obj_name": field, "obj_val": value}, {}


@st.composite
def _job(draw: st.DrawFn, place: Place) -> Parts:
    step = draw(pick(JOB))
    if step in ("create:job", "delete:job"):
        return step, {}, {}
    values = {
        "state": ("in progress", "completed", "rejected"),
        "stage": ("validation", "acceptance"),
        "assignee": (f"{{'id': {place.base + 301}}}", f"{{'id': {place.base + 302}}}", "None"),
    }[step]
    old = {"old_value": draw(pick((None, "completed")))}
    return "update:job", {"obj_name": step, "obj_val": draw(pick(values))}, old


@st.composite
def _name(draw: st.DrawFn, place: Place) -> Parts:
    kind, name = draw(pick(NAMED)), draw(pick(("old", "new", "newest")))
    fields = {"obj_id": place.base + 401 + draw(st.integers(0, 1))} if kind == "label" else {}
    if draw(st.booleans()):
        return f"create:{kind}", {**fields, "obj_name": name}, {}
    return f"update:{kind}", {**fields, "obj_name": "name", "obj_val": name}, {"old_value": "?"}


def _function(place: Place) -> st.SearchStrategy[Parts]:
    return pick(("yolo", "sam")).map(lambda name: ("call:function", {}, {"function": {"id": name}}))


def _unknown(place: Place) -> st.SearchStrategy[Parts]:
    return st.just(("frobnicate:widget", {}, {}))


def _exception(place: Place) -> st.SearchStrategy[Parts]:
    return st.just(("send:exception", {"obj_val": "line 1\nline 2"}, {"message": "no"}))


_FAMILIES = {
    "simple": _simple,
    "frame": _frame,
    "drawing": _drawing,
    "worked": _worked,
    "report": _report,
    "save": _save,
    "issue": _issue,
    "job": _job,
    "name": _name,
    "function": _function,
    "unknown": _unknown,
    "exception": _exception,
}

WRONG_EVENTS = (
    {"scope": None},
    {"timestamp": "noon"},
    {"timestamp": 0},
    {"duration": -1},
    {"count": "x"},
    {"payload": "[1]"},
)
"""What makes a row go to quarantine."""


@st.composite
def bad_event_rows(draw: st.DrawFn, place: Place, at_ms: int) -> Record:
    """Draw a row that cannot be understood."""
    row = {"scope": "load:job", "source": "client", "timestamp": at_ms, "duration": 0}
    return {**row, **place.ids, **draw(pick(WRONG_EVENTS))}


@st.composite
def batches(draw: st.DrawFn, place: Place, at_ms: int) -> tuple[Record, int]:
    """Draw a captured client batch that begins at a time; return it with the time of its end."""
    fields = ("project_id", "task_id", "job_id")
    micros = draw(pick((0, 0, 400)))

    def event(at: int) -> Record:
        job = draw(pick((place.job, place.job, 1)))
        ids = Place(place.base, place.user, job, place.org).ids
        known = {key: ids[key] for key in fields}
        scope = draw(pick((*SIMPLE, "change:frame", "change:frame", "user:activity")))
        duration = draw(pick(FRAME_MS)) if scope == "change:frame" else 0
        stamp = "noon" if draw(st.integers(0, 39)) == 39 else iso(at, micros)
        return {"scope": scope, "timestamp": stamp, "duration": duration, **known, "payload": {}}

    at = at_ms
    previous = event(at) if draw(st.booleans()) else None
    events = []
    for _ in range(draw(st.integers(0, 4))):
        at += draw(pick(GAPS_MS[:9]))
        events.append(event(at))
    shift = draw(pick((None, 0, 2001, -9000)))
    org = {key: place.ids[key] for key in ("org_id", "org_slug")}
    batch = {
        "events": events,
        "previous_event": previous,
        "timestamp": None if shift is None else iso(at),
        "received_at": None if shift is None else iso(at + shift),
        **draw(people(place)),
        **org,
    }
    return batch, at
