"""`POST /api/v1/analytics/query` over a real port: who gets which rows, and what is refused."""

from __future__ import annotations

from typing import Any

import duckdb
import httpx
import pytest

from serving.analytics.catalogue import Catalogue, camel, catalogue_of
from serving.analytics.examples import examples
from tests.analytics.direct import Asked, Row, count, read_facts
from tests.analytics.test_answers import as_answered, comparable
from tests.serving.running import bearer

PATH = "/api/v1/analytics/query"

START, END = 1704067200000, 1767225600000
"""2024 and 2025: all of the log."""


@pytest.fixture(scope="module")
def facts(oddities: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    return read_facts(oddities)


@pytest.fixture(scope="module")
def catalogue(oddities: duckdb.DuckDBPyConnection) -> Catalogue:
    return catalogue_of(oddities)


# Who sees what

EVERYBODY: dict[tuple[str, str, str | None], dict[str, str]] = {
    # user, role, organization -> what bounds them
    ("1", "admin", None): {},
    ("1", "admin", "1"): {"org_id": "1"},
    ("1", "admin", "o1"): {"org_id": "o1"},
    ("7", "owner", "1"): {"org_id": "1"},
    ("12", "maintainer", "2"): {"org_id": "2"},
    ("7", "supervisor", "1"): {"org_id": "1", "user_id": "7"},
    ("böb", "supervisor", "o1"): {"org_id": "o1", "user_id": "böb"},
    ("13", "worker", "1"): {"org_id": "1", "user_id": "13"},
    ("12", "worker", "1"): {"org_id": "1", "user_id": "12"},
    ("7", "worker", None): {"user_id": "7"},
    ("7", "owner", None): {"user_id": "7"},
    ("nobody", "maintainer", None): {"user_id": "nobody"},
}

ASKED: list[dict[str, list[str]]] = [
    {},
    {"org_id": ["1"]},
    {"org_id": ["2"]},
    {"org_id": ["1", "2"]},
    {"user_id": ["7"]},
    {"user_id": ["12", "13"]},
    {"org_id": ["1"], "user_id": ["7"]},
    {"org_id": ["o1"], "user_id": ["böb"]},
    {"project_id": ["50"]},
    {"project_id": ["30", "p1"]},
    {"project_id": ["p1"], "org_id": ["o1"]},
    {"user_id": ["nobody"]},
]

MEASURES: list[tuple[str, str | None, list[str]]] = [
    # measure, granularity, dimensions to group by: events, stretches, actions, states of issues
    ("activeUsers", None, []),
    ("userStatsActivityTime", None, ["org_id", "project_id"]),
    ("userStatsActivityTimeByField", "day", ["org_id"]),
    ("annotationTimeline", "day", []),
    ("labelingCounters", None, ["user_id"]),
    ("issueCounters", None, []),
]


def payload_of(context: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "startTime": START,
        "endTime": END,
        "context": {camel(name): values for name, values in context.items()},
        "measures": [
            {
                "measureType": name,
                "pageSize": 0,
                "params": {"groupByFields": [camel(one) for one in dimensions]},
                **({"timeGranularity": granularity} if granularity else {}),
            }
            for name, granularity, dimensions in MEASURES
        ],
    }


@pytest.mark.parametrize("caller", EVERYBODY, ids=lambda who: "-".join(map(str, who)))
def test_callers_get_what_they_asked_for_within_what_they_may_see(
    client: httpx.Client, facts: dict[str, list[Row]], catalogue: Catalogue, caller: tuple
) -> None:
    user, role, org = caller
    bounds = EVERYBODY[caller]
    for context in ASKED:
        answer = client.post(PATH, json=payload_of(context), headers=bearer(role, org, user))
        if any(set(context.get(name, [value])) != {value} for name, value in bounds.items()):
            assert answer.status_code == 403, (context, answer.text)
            assert answer.json()["message"].startswith("context.")
            continue
        assert answer.status_code == 200, (context, answer.text)
        for (name, granularity, dimensions), found in zip(MEASURES, answer.json(), strict=True):
            asked = Asked(START, END, granularity, "UTC", context, bounds, dimensions)
            wanted = as_answered(catalogue.measures[name], asked, count(name, facts, asked))
            assert sorted(map(comparable, found["response"])) == sorted(map(comparable, wanted)), (
                name,
                context,
            )


def test_the_table_of_callers_shows_something_to_nearly_all(facts: dict[str, list[Row]]) -> None:
    """Bounds that nothing lies in would prove nothing."""

    def seen(bounds: dict[str, str]) -> int:
        return len(count("activeUsers", facts, Asked(START, END, None, bounds=bounds)))

    empty = [caller for caller, bounds in EVERYBODY.items() if not seen(bounds)]
    assert empty == [("12", "worker", "1"), ("nobody", "maintainer", None)]
    everybody = seen({})
    assert all(seen(bounds) < everybody for bounds in EVERYBODY.values() if bounds)


@pytest.mark.parametrize("who", [("worker", "1", "7"), ("worker", None, "7")])
def test_what_is_nobodys_own_is_refused_to_who_sees_only_their_own(
    client: httpx.Client, who: tuple
) -> None:
    for name in ("assignmentStatsCompletedStatus", "assignmentStartTime", "snapshotData"):
        payload = {"startTime": START, "measures": [{"measureType": name}]}
        answer = client.post(PATH, json=payload, headers=bearer(*who))
        assert answer.status_code == 403
        assert "ask somebody who sees all of it" in answer.json()["message"]


# Payloads and the document


def test_what_is_wrong_is_400_with_the_field(client: httpx.Client) -> None:
    for content, line in ((b"", "The body is empty"), (b"{}", "startTime is missing")):
        answered = client.post(PATH, content=content, headers=bearer())
        assert answered.status_code == 400
        assert answered.json()["message"].startswith(line)


def test_the_document_shows_an_example_of_each_measure(client: httpx.Client) -> None:
    operation = client.get("/openapi.json").json()["paths"][PATH]["post"]
    (body,) = operation["requestBody"]["content"].values()
    assert {name: one["value"] for name, one in body["examples"].items()} == examples()
    assert set(body["schema"]["required"]) == {"startTime", "measures"}
