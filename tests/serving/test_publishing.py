"""New publications and slow queries, while others ask: no restart, no mixed answer, no waiting."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import httpx
import pytest
from fastapi import APIRouter, Request

from orchestration.build.record import read_record, write_record
from orchestration.home import Home
from orchestration.publish import publish
from serving.app import create_app
from serving.settings import Settings
from serving.wire import service
from tests.serving.running import KEY, bearer, published, serving

PATH = "/api/v1/analytics/query"

PAYLOAD = {
    "startTime": "2024-01-01",
    "endTime": "2026-01-01",
    "measures": [
        {"measureType": "annotationTimeline", "timeGranularity": ["day", "minute"]},
        {"measureType": "activeUsers", "timeGranularity": "day"},
        {"measureType": "userStatsActivityTime"},
        {"measureType": "executionOverTime"},
    ],
}
"""Several queries of several tables, each of which each publication answers otherwise."""

CALLERS, PUBLICATIONS = 3, 2


class Seen(NamedTuple):
    """One answer, when it was asked for and when it was there (seconds of one clock)."""

    asked_at: float
    there_at: float
    said: Any


@pytest.fixture
def home(oddities_home: Home, tmp_path: Path) -> Home:
    return published(oddities_home, tmp_path)


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Ends slow queries."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def url(home: Home, release: threading.Event) -> Iterator[str]:
    """A service with a route whose query goes on until it is released."""
    app = create_app(home, Settings(jwt_key=KEY, queries=CALLERS))
    routes = APIRouter()

    @routes.get("/tests/slow")
    def slow(request: Request) -> int:
        found = 0
        with service(request).reading() as warehouse:
            while not release.is_set():
                numbers = warehouse.execute(
                    "select count(*) from range(3000000) where hash(range) % 7"
                )
                found += numbers.fetchone()[0]
        return found

    app.include_router(routes)
    with serving(app) as address:
        yield address


def halved(home: Home, folder: Path) -> Path:
    """Return a copy of the build file with half of the rows in all facts and roll-ups."""
    file = folder / "half.duckdb"
    shutil.copy(home.build_file, file)
    with duckdb.connect(str(file)) as engine:
        for schema, table in engine.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where table_name similar to '(fct|rollup)_.*'"
        ).fetchall():
            engine.execute(f"delete from {schema}.{table} where rowid % 2 = 0")
    return file


def test_publications_change_under_requests(home: Home, url: str, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("builds")
    whole = shutil.copy(home.build_file, folder / "whole.duckdb")
    files = [halved(home, folder), whole]
    seen: list[Seen] = []
    stop = threading.Event()

    def ask(http: httpx.Client) -> Any:
        asked_at = time.monotonic()
        answer = http.post(PATH, json=PAYLOAD)
        assert answer.status_code == 200, answer.text
        seen.append(Seen(asked_at, time.monotonic(), answer.json()))
        return answer.json()

    def keep_asking() -> None:
        with httpx.Client(base_url=url, headers=bearer(), timeout=60) as http:
            while not stop.is_set():
                ask(http)

    with (
        httpx.Client(base_url=url, headers=bearer(), timeout=60) as http,
        ThreadPoolExecutor(CALLERS) as threads,
    ):
        # Nobody but this caller yet: what the publications say.
        answers = [ask(http)]
        callers = [threads.submit(keep_asking) for _ in range(CALLERS)]
        began, ended = [0.0], [0.0]
        for number in range(PUBLICATIONS):
            shutil.copy(files[number % 2], home.build_file)
            record = replace(read_record(home), build_id=f"20260106T09000{number}000Z-0dd171")
            write_record(home, record)
            began.append(time.monotonic())
            publish(home)
            ended.append(time.monotonic())
            assert http.get("/health").json()["build_id"] == record.build_id
            answers.append(ask(http))
        stop.set()
        for caller in callers:
            caller.result()
    began.append(float("inf"))
    first, second, *rest = answers
    assert rest == [first]
    for one, other in zip(first, second, strict=True):
        assert one["response"] != other["response"], one["measureType"]
    for number, said in enumerate(answers):
        wholly = [
            one
            for one in seen
            if ended[number] <= one.asked_at and one.there_at < began[number + 1]
        ]
        assert wholly
        assert all(one.said == said for one in wholly)
    # Also what was asked for before and answered after a publication is of one of the two.
    assert all(one.said in (first, second) for one in seen)


def test_slow_queries_stop_nobody_else(url: str, release: threading.Event) -> None:
    slow = CALLERS - 1
    with (
        httpx.Client(base_url=url, headers=bearer(), timeout=60) as http,
        ThreadPoolExecutor(slow) as threads,
    ):
        alone = http.post(PATH, json=PAYLOAD).json()
        running = [threads.submit(http.get, "/tests/slow") for _ in range(slow)]
        while f"warehouse_requests_running {slow + 1}.0" not in http.get("/metrics").text:
            assert not any(one.done() for one in running)
        assert http.get("/health").json()["status"] == "ok"
        assert http.get("/api/v1/users/me").json()["id"] == "1"
        assert http.post(PATH, json=PAYLOAD).json() == alone
        assert not any(one.done() for one in running)
        release.set()
        assert all(one.result().status_code == 200 for one in running)
