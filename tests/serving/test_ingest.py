"""What callers send: checked, on disk before the answer, counted once by the next build."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from orchestration.home import Home
from orchestration.intake import land_intake, waiting
from orchestration.landing import loads
from orchestration.lock import writing
from tests.conftest import build
from tests.serving.running import SETTINGS, bearer, served_home

EVENTS = "/api/events"
METRIC = "/api/v1/analytics/metric"

ZOE = bearer("worker", "1", "9", name="zoe", email="zoe@example.org")
OWNER = bearer("owner", "1", "8")

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""What the browser's clock showed when it sent the batch."""


def at(ms: int) -> str:
    """A time that many ms before the batch was sent, as a browser writes it."""
    return (SENT - timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def batch(**changes: Any) -> dict[str, Any]:
    """A batch with 61.5 s of working time, all of it in job 3000."""
    ids = {"project_id": 30, "task_id": 300, "job_id": 3000}
    return {
        "events": [
            {"scope": "load:job", "timestamp": at(60_000), "payload": '{"a": "ü"}', **ids},
            {"scope": "user:activity", "timestamp": at(30_000), "payload": {"b": 1}, **ids},
            {"scope": "draw:object", "timestamp": at(0), "duration": 900, "count": 2, **ids},
        ],
        "previous_event": {"scope": "load:cvat", "timestamp": at(61_500), **ids},
        "timestamp": SENT.isoformat(timespec="milliseconds"),
        **changes,
    }


def sample(start: int = 1_772_442_000_000, **context: Any) -> dict[str, Any]:
    """An active minute of somebody in the studio."""
    return {
        "startTime": start,
        "endTime": start + 60_000,
        "context": {"userId": "9", "projectOrgId": "1", "projectId": "p9", **context},
        "eventType": "activity",
        "entityType": "activity",
        "action": "active",
        "data": {"surface": "studio"},
    }


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[tuple[Home, str]]:
    """A home without anything, and a service over it: nothing is published, posts are taken."""
    home = Home(tmp_path / "bare")
    with served_home(home, SETTINGS) as address:
        yield home, address


def lake(home: Home, relation: str) -> list[dict[str, Any]]:
    paths = [str(path) for path in sorted(home.lake.glob(f"*/{relation}.parquet"))]
    with duckdb.connect() as reader:
        rows = reader.execute("from read_parquet($paths)", {"paths": paths})
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


# The answer


def test_events_become_the_callers_by_the_servers_clock(bare: tuple[Home, str]) -> None:
    home, url = bare
    claimed = {"user_id": 1, "user_name": "king", "org_id": 2, "org_slug": "x", "source": "server"}
    body = batch()
    body["events"][0] |= claimed
    before = datetime.now(UTC)
    response = httpx.post(url + EVENTS, json=body, headers=ZOE)
    after = datetime.now(UTC)
    assert response.status_code == 201
    said = response.json()
    assert [event["scope"] for event in said["events"]] == [
        "load:job",
        "user:activity",
        "draw:object",
    ]
    for event, sent in zip(said["events"], body["events"], strict=True):
        shift = datetime.fromisoformat(event["timestamp"]) - datetime.fromisoformat(
            sent["timestamp"]
        )
        assert before - SENT <= shift <= after - SENT
        assert (event["user_id"], event["user_name"]) == (9, "zoe")
        assert (event["org_id"], event["org_slug"]) == (1, None)
        assert event["source"] == "client"
    assert said["events"][1]["payload"] == '{"b": 1}'
    assert [event["duration"] for event in said["events"]] == [0, 0, 900]
    (folder,) = waiting(home)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scope": "create:task"}, "events.0.scope: 'create:task' is no scope of a client"),
        ({"scope": " "}, "events.0.scope: it may not be blank"),
        ({"scope": None}, "events.0.scope: "),
        ({"obj_name": ""}, "events.0.obj_name: it may not be blank"),
        ({"duration": None}, "events.0.duration: "),
        ({"duration": -1}, "Event 1: duration is -1 ms."),
        ({"count": -1}, "Event 1: count is -1."),
        ({"job_id": 2**63}, "Event 1: job_id is '9223372036854775808', which is not"),
        ({"job_id": "x"}, "events.0.job_id: "),
        ({"payload": "not json"}, "Event 1: payload is 'not json', which is not a JSON object."),
        ({"payload": "[1]"}, "Event 1: payload is '[1]', which is not a JSON object."),
        ({"timestamp": 5}, "events.0.timestamp: it must be a time as text"),
        ({"timestamp": "soon"}, "events.0.timestamp: "),
        ({"timestamp": "0001-01-01T00:00:00+05:00"}, "events.0.timestamp: it is out of range"),
        ({"timestamp": "1999-01-01T00:00:00Z"}, "Event 1: timestamp is 1999-01-01"),
        ({"timestamp": "9999-12-31T23:59:59Z"}, "Event 1: timestamp is 9999-12-31"),
    ],
)
def test_an_event_that_is_wrong_is_named(
    bare: tuple[Home, str], change: dict[str, Any], why: str
) -> None:
    home, url = bare
    body = batch()
    body["events"][0] |= change
    response = httpx.post(url + EVENTS, json=body, headers=ZOE)
    assert response.status_code == 400
    assert response.json()["message"].startswith(why)
    assert waiting(home) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ([], "The body: "),
        ({}, "timestamp: "),
        (batch(timestamp=None), "timestamp: "),
        (batch(events={}), "events: "),
        (batch(events=[5]), "events.0: "),
        (batch(previous_event={"scope": "load:job"}), "previous_event.timestamp: "),
        (
            batch(previous_event={"scope": "load:job", "timestamp": "1999-01-01T00:00:00Z"}),
            "Previous event: timestamp is 1999",
        ),
    ],
)
def test_a_batch_that_is_wrong_is_named(bare: tuple[Home, str], body: Any, why: str) -> None:
    home, url = bare
    response = httpx.post(url + EVENTS, json=body, headers=ZOE)
    assert response.status_code == 400
    assert response.json()["message"].startswith(why)
    assert waiting(home) == []


def test_events_are_those_of_a_user_of_cvat(bare: tuple[Home, str]) -> None:
    home, url = bare
    for who in (bearer("worker", "1", "zoe@example.org"), bearer("worker", "o1", "9")):
        response = httpx.post(url + EVENTS, json=batch(), headers=who)
        assert response.status_code == 403
        assert "in CVAT it is a number" in response.json()["message"]
    assert httpx.post(url + EVENTS, json=batch()).status_code == 401
    assert waiting(home) == []


def test_a_batch_without_events_is_fine_and_nothing(bare: tuple[Home, str]) -> None:
    home, url = bare
    assert httpx.post(url + EVENTS, json=batch(events=[]), headers=ZOE).status_code == 201
    assert httpx.post(url + METRIC, json=[], headers=ZOE).json() == {"accepted": 0}
    assert waiting(home) == []


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({}, 400, "The body must be an array of samples"),
        ([sample(), 5], 400, "Sample 2 is no object"),
        ([sample(), []], 400, "Sample 2 is no object"),
        ([sample(), {**sample(), "eventType": "x"}], 400, "Sample 2: eventType is 'x'"),
        ([{**sample(), "endTime": 5}], 400, "Sample 1: The time"),
        ([{**sample(), "action": "asleep"}], 400, "Sample 1: "),
        ([sample(), sample(userId="8")], 403, "Sample 2: context.userId must be '9'"),
        ([sample(userId=None)], 403, "Sample 1: context.userId must be '9'"),
        ([sample(projectOrgId="2")], 403, "Sample 1: context.projectOrgId must be '1'"),
        ([sample(orgId="2")], 403, "Sample 1: context.projectOrgId must be '1'"),
        ([sample(projectOrgId=None)], 403, "Sample 1: context.projectOrgId must be '1'"),
        (
            [{"action": "annotation.created", "itemId": "i", "time": 1772442000000, "userId": "8"}],
            403,
            "Sample 1: context.userId must be '9'",
        ),
    ],
)
def test_a_sample_that_is_wrong_or_anothers_is_named(
    bare: tuple[Home, str], body: Any, status: int, why: str
) -> None:
    home, url = bare
    response = httpx.post(url + METRIC, json=body, headers=ZOE)
    assert (response.status_code, response.json()["status"]) == (status, status)
    assert response.json()["message"].startswith(why)
    assert waiting(home) == []


def test_who_leads_sends_samples_of_their_organization(bare: tuple[Home, str]) -> None:
    _, url = bare

    def status(body: list[Any], who: dict[str, str]) -> int:
        return httpx.post(url + METRIC, json=body, headers=who).status_code

    assert status([sample(userId="8"), sample(userId=None)], OWNER) == 200
    assert status([sample(projectOrgId="2")], OWNER) == 403
    assert status([sample(projectOrgId="2", userId="x")], bearer("admin")) == 200
    assert status([sample(projectOrgId="2")], bearer("admin", "1")) == 403
    # Who is in no organization sends into none.
    assert status([sample()], bearer("worker", None, "9")) == 403
    assert status([sample(projectOrgId=None)], bearer("worker", None, "9")) == 200
    assert status([sample()], bearer("supervisor", "1", "8")) == 403


# Durable, without waiting, exactly once


def test_a_post_does_not_wait_for_who_writes(bare: tuple[Home, str]) -> None:
    home, url = bare
    with writing(home, "a build that takes long"):
        assert httpx.post(url + EVENTS, json=batch(), headers=ZOE).status_code == 201
    assert len(waiting(home)) == 1


def test_the_same_post_again_is_the_same_post(bare: tuple[Home, str]) -> None:
    home, url = bare
    answers: list[int] = []

    def post() -> None:
        answers.append(httpx.post(url + EVENTS, json=batch(), headers=ZOE).status_code)

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 4
    assert len(waiting(home)) == 1
    # Of another caller, or with another content, it is another.
    assert httpx.post(url + EVENTS, json=batch(), headers=OWNER).status_code == 201
    later = batch(timestamp=(SENT + timedelta(milliseconds=1)).isoformat())
    assert httpx.post(url + EVENTS, json=later, headers=ZOE).status_code == 201
    assert len(waiting(home)) == 3
    land_intake(home)
    assert waiting(home) == []
    # Also after it has landed, when a retry comes late.
    assert httpx.post(url + EVENTS, json=batch(), headers=ZOE).status_code == 201
    assert land_intake(home) == []
    assert waiting(home) == []
    assert len(lake(home, "cvat_client_batches")) == 3
    counted = httpx.get(f"{url}/metrics").text.splitlines()
    assert 'warehouse_ingested_rows_total{kind="client_events"} 12.0' in counted


def test_a_landing_that_was_killed_is_not_repeated(bare: tuple[Home, str], tmp_path: Path) -> None:
    home, url = bare
    httpx.post(url + EVENTS, json=batch(), headers=ZOE)
    httpx.post(url + METRIC, json=[sample()], headers=ZOE)
    shutil.copytree(home.intake, tmp_path / "before")
    assert {outcome.status for outcome in land_intake(home)} == {"landed"}
    # Killed after the load appeared and before the intake was emptied, wholly or half.
    shutil.copytree(tmp_path / "before", home.intake, dirs_exist_ok=True)
    next(home.intake.glob("*/*-cvat_events.jsonl")).unlink()
    before = loads(home)
    assert land_intake(home) == []
    assert waiting(home) == []
    assert loads(home) == before
    # Killed while a post was being written: nobody was answered.
    unfinished = home.intake / ".0123-45"
    unfinished.mkdir()
    assert waiting(home) == []


def test_samples_may_have_any_fields_of_their_own(bare: tuple[Home, str]) -> None:
    home, url = bare
    odd = {**sample(), "resource": "x", "scope": "y", "events": []}
    assert httpx.post(url + METRIC, json=[odd], headers=ZOE).json() == {"accepted": 1}
    land_intake(home)
    (row,) = lake(home, "platform_samples")
    assert json.loads(row["context"])["projectId"] == "p9"


def test_events_land_as_cvat_stores_them(bare: tuple[Home, str]) -> None:
    home, url = bare
    said = httpx.post(url + EVENTS, json=batch(), headers=ZOE).json()["events"]
    land_intake(home)
    rows = sorted(lake(home, "cvat_events"), key=lambda row: row["timestamp"])
    assert [(row["scope"], row["source"], row["user_id"]) for row in rows] == [
        ("load:job", "client", 9),
        ("draw:object", "client", 9),
    ]
    stored = [row["timestamp"].isoformat(timespec="milliseconds") for row in rows]
    assert stored == [event["timestamp"][:23] for event in (said[0], said[2])]
    (captured,) = lake(home, "cvat_client_batches")
    assert len(captured["events"]) == 3
    assert captured["previous_event"]["scope"] == "load:cvat"
    assert lake(home, "quarantine") == []


# Counted once


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build of some posts, all of them sent twice.

    Its setting makes events of captured batches, so that those of the API come in two ways.
    """
    home = Home(tmp_path_factory.mktemp("counted"))
    samples = [sample(), sample(1_772_442_100_000), sample(1_772_442_100_000)]
    # A client that sends more of the same sends what is known, and one minute more.
    more = [sample(), sample(1_772_442_200_000)]
    body = batch()
    # Two equal events of one batch are two.
    body["events"].append(body["events"][2])
    with served_home(home, SETTINGS) as url:
        for path, sent in 2 * [(EVENTS, body), (METRIC, samples), (METRIC, more)]:
            assert httpx.post(url + path, json=sent, headers=ZOE).is_success
            land_intake(home)
    facts = ["+fct_events", "+fct_activity", "+fct_batch_working_time"]
    result = build(home, select=facts, variables={"client_batches_are_events": True})
    assert result.success, result.exception
    with duckdb.connect(str(home.build_file), read_only=True) as reader:
        yield reader


def test_events_are_events_and_activity_is_not(counted: duckdb.DuckDBPyConnection) -> None:
    events = counted.execute(
        "select scope, user_id, org_id, assignment_id, object_count, duration_ms"
        " from core.fct_events where source_system = 'cvat' order by event_at"
    ).fetchall()
    assert events == [
        ("load:job", "9", "1", "3000", None, 0),
        ("draw:object", "9", "1", "3000", 2, 900),
        ("draw:object", "9", "1", "3000", 2, 900),
    ]


def test_working_time_is_replayed_exactly(counted: duckdb.DuckDBPyConnection) -> None:
    # From the previous event on: 1.5 s, 30 s and 30 s; a drawing's duration counts nothing.
    total = counted.execute(
        "select sum(working_ms), count(distinct batch_id) from core.fct_batch_working_time"
    ).fetchall()
    assert total == [(61_500, 1)]


def test_samples_count_as_often_as_the_post_with_most_of_them(
    counted: duckdb.DuckDBPyConnection,
) -> None:
    minutes = counted.execute(
        "select epoch_ms(started_at), count(*), sum(duration_ms) from core.fct_activity"
        " where project_id = 'p9' group by 1 order by 1"
    ).fetchall()
    assert minutes == [
        (1_772_442_000_000, 1, 60_000),
        (1_772_442_100_000, 2, 120_000),
        (1_772_442_200_000, 1, 60_000),
    ]
