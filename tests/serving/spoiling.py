"""Requests with one thing wrong in each, made by a seed: which field it is stands beside them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

QUERY, METRIC, EVENTS, EXPORT = (
    "/api/v1/analytics/query",
    "/api/v1/analytics/metric",
    "/api/events",
    "/api/events/export",
)

MARK = "@ here stands what json does not write @"
LARGE = 9_900_000
"""Bytes of a text that a body may just have."""


class Spoiled(NamedTuple):
    """A request that must be refused, with a message that names the field."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    field: str


SQL = (
    "'; drop table core.fct_events; --",
    "1) or 1=1 --",
    "x' union select user_email from core.dim_users --",
    "\"; attach '/tmp/x.duckdb' as x; --",
    "$$; copy core.dim_users to '/tmp/x.csv' --",
)

VALUES: dict[str, list[Any]] = {
    "list": [[1], ["x"], [None]],
    "lists": [[[1]], [[["x"]], []], [[[[[[[[1]]]]]]]]],
    "object": [{"a": 1}, {"$ne": 1}],
    "empty list": [[]],
    "empty object": [{}],
    "true": [True],
    "false": [False],
    "blank": [""],
    "text": [" ", "x", "null", "NaN", "٣", "名前", "a\0b", "9" * 1000, *SQL],
    "digits": ["7"],
    "negative": [-1, -(2**40), -0.5],
    "fraction": [0.5, 1.5],
    "huge": [2**63, 10**30, 10**299, 1e300],
    "raw": ["NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 400, "9" * 5000],
    "half": ["\ud800"],
}
"""Kind -> values that few fields take. What is raw stands in the body as it is."""

ALL = frozenset(VALUES)

QUESTION: dict[str, Any] = {
    "startTime": 1704067200000,
    "endTime": 1735689600000,
    "context": {"projectId": ["p1"], "userId": []},
    "measures": [
        {
            "measureType": "executionDuration",
            "timeGranularity": ["day"],
            "sortDirection": "ascending",
            "page": 0,
            "pageSize": 10,
            "params": {
                "groupByFields": ["projectId"],
                "fill": False,
                "timezone": "Europe/Berlin",
                "percentiles": [0.5],
                "names": False,
            },
        }
    ],
}

SAMPLE: list[Any] = [
    {
        "startTime": 1772442000000,
        "endTime": 1772442060000,
        "context": {"userId": "9", "projectId": "p9"},
        "eventType": "annotation",
        "entityType": "annotation",
        "action": "created",
        "data": {"duration": 900, "count": 2, "bulk": False},
    }
]

BATCH: dict[str, Any] = {
    "events": [
        {
            "scope": "draw:object",
            "obj_name": "rectangle",
            "obj_id": 5,
            "timestamp": "2026-03-02T08:59:00.000+00:00",
            "count": 2,
            "duration": 900,
            "project_id": 30,
            "task_id": 300,
            "job_id": 3000,
            "payload": "{}",
        }
    ],
    "previous_event": None,
    "timestamp": "2026-03-02T09:00:00.000+00:00",
}

Place = tuple[str | int, ...]

# Path to a field -> the kinds of values that it takes.
MEASURE: Place = ("measures", 0)
OF_QUERY: dict[Place, set[str]] = {
    ("startTime",): {"fraction"},
    ("endTime",): set(),
    ("context",): {"empty object"},
    ("context", "projectId"): {"empty list", "list"},
    ("context", "userId", 0): {"blank", "text", "digits"},
    ("measures",): set(),
    (*MEASURE, "measureType"): set(),
    (*MEASURE, "timeGranularity"): {"empty list"},
    (*MEASURE, "timeGranularity", 0): set(),
    (*MEASURE, "sortDirection"): set(),
    (*MEASURE, "page"): set(),
    (*MEASURE, "pageSize"): set(),
    (*MEASURE, "params"): {"empty object"},
    (*MEASURE, "params", "groupByFields"): {"empty list"},
    (*MEASURE, "params", "groupByFields", 0): set(),
    (*MEASURE, "params", "fill"): {"true", "false"},
    (*MEASURE, "params", "timezone"): set(),
    (*MEASURE, "params", "percentiles"): {"empty list"},
    (*MEASURE, "params", "percentiles", 0): {"fraction"},
    (*MEASURE, "params", "names"): {"true", "false"},
}

OF_METRIC: dict[Place, set[str]] = {
    (0, "startTime"): {"fraction"},
    (0, "endTime"): {"fraction"},
    (0, "context"): {"empty object", "object"},
    # Ids may be numbers: they are read as texts.
    (0, "context", "userId"): {
        *("blank", "text", "digits", "negative", "fraction", "huge"),
    },
    (0, "eventType"): set(),
    (0, "action"): set(),
    (0, "data"): {"empty object", "object"},
    (0, "data", "duration"): {"blank", "digits", "fraction"},
    (0, "data", "count"): {"blank", "digits", "fraction"},
}

NUMBER = {"digits", "false", "true", "negative"}
OF_EVENTS: dict[Place, set[str]] = {
    ("timestamp",): set(),
    ("events",): {"empty list"},
    ("previous_event",): set(),
    ("events", 0, "scope"): set(),
    ("events", 0, "obj_name"): {"text", "digits"},
    ("events", 0, "obj_id"): NUMBER,
    ("events", 0, "timestamp"): set(),
    ("events", 0, "count"): NUMBER,
    ("events", 0, "duration"): NUMBER,
    ("events", 0, "project_id"): NUMBER,
    ("events", 0, "task_id"): NUMBER,
    ("events", 0, "job_id"): NUMBER,
    ("events", 0, "payload"): {"object", "empty object"},
}

BODIES = ((QUERY, QUESTION, OF_QUERY), (METRIC, SAMPLE, OF_METRIC), (EVENTS, BATCH, OF_EVENTS))

FILTERS = {
    **dict.fromkeys(
        ("org_id", "project_id", "task_id", "job_id", "user_id"),
        ("x", "-1", "1.5", str(2**63), "1e3", "NaN", "[1]", "[[1]]", '{"a":1}', "7;8", "9" * 5000),
    ),
    **dict.fromkeys(
        ("from", "to"),
        ("x", "1", "2026-02-30", "2026-13-01T00:00:00Z", "NaN", "[]", "T" * 20_000, "9" * 1000),
    ),
    "action": ("x", "[]", "Download", "delete"),
    "location": ("x", "cloud_storage", "/etc/passwd"),
    "colour": ("x",),
}
"""Parameter of an export -> texts that it does not take; SQL beside them."""


def spoiled(count: int, seed: int) -> Iterator[Spoiled]:
    """Give that many requests, the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        if number % 5 == 4:
            yield _query_string(random)
        else:
            yield _body(random)


def too_large(random: Random) -> Iterator[Spoiled]:
    """Give bodies of 10 MB: those that may just be read, and those that are more than that."""
    for path, base, fields in BODIES:
        takes_no_text = [place for place, takes in fields.items() if "text" not in takes]
        for place in random.sample(takes_no_text, k=2):
            size = LARGE
            yield Spoiled("POST", path, {}, _written(base, place, "x" * size), _named(place))
            size = LARGE + 200_000
            yield Spoiled("POST", path, {}, _written(base, place, "x" * size), "body")


def _body(random: Random) -> Spoiled:
    path, base, fields = random.choice(BODIES)
    place = random.choice(list(fields))
    kind = random.choice(sorted(ALL - fields[place]))
    value = random.choice(VALUES[kind])
    if kind == "raw":
        body = _written(base, place, MARK).replace(json.dumps(MARK).encode(), value.encode())
    else:
        body = _written(base, place, value)
    # Half of a character is no text that could be read: nothing of the body is.
    return Spoiled("POST", path, {}, body, "body" if kind == "half" else _named(place))


def _query_string(random: Random) -> Spoiled:
    method, path = random.choice((("GET", EVENTS), ("POST", EXPORT)))
    name = random.choice([one for one in FILTERS if path == EVENTS or one != "action"])
    value = random.choice((*FILTERS[name], *SQL))
    return Spoiled(method, path, {name: value}, b"", name)


def _written(base: Any, place: Place, value: Any) -> bytes:
    document = copy.deepcopy(base)
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    if isinstance(inner, list) and place[-1] == len(inner):
        inner.append(value)
    else:
        inner[place[-1]] = value
    return json.dumps(document).encode()


def _named(place: Place) -> str:
    """Return the name of the innermost field that has one."""
    return [step for step in place if isinstance(step, str)][-1]
