"""The page of Dataloop's SDK: the SDK as it is installed, the service as it runs."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.intake import land_intake, waiting
from orchestration.lock import writing
from tests.doc_pages import DOCS, ROOT
from tests.oracle.compare import read_expected
from tests.serving.running import token
from tests.serving.sdk import pages
from tests.serving.sdk.conftest import Served

PAGE = DOCS / "from_dataloop_sdk.md"
SAID = pages.said(PAGE, "python")
_, ACTIVE_USERS, BUCKETS, ITEM_TIME, *_ = SAID.values()
"""What the page says that its examples print."""


@pytest.fixture(scope="module")
def ran(own_served: Served, dtlpy_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The service after all examples of the page."""
    folder = tmp_path_factory.mktemp("dataloop")
    environment = {"WAREHOUSE_URL": own_served.url, "WAREHOUSE_TOKEN": token("admin")}
    own_served.printed = pages.printed(PAGE, "python", [dtlpy_python], folder, **environment)
    return own_served


def test_the_examples_print_what_the_page_says(ran: Served) -> None:
    assert ran.printed == SAID


def test_the_active_users_are_those_of_the_project() -> None:
    (line,) = ACTIVE_USERS
    of_project = {
        row["user_id"]
        for row in read_expected("active_users")
        if row["project_id"] == "p1" and row["time_granularity"] == "month"
    }
    success, users = line.split(" ", 1)
    assert success == "True"
    assert sorted(json.loads(users.replace("'", '"'))) == sorted(of_project)


def test_items_are_counted_by_the_sum_of_their_actions(ran: Served) -> None:
    with duckdb.connect(str(ran.home.published_file), read_only=True) as published:
        actions = published.execute(
            "select item_id, action_at, coalesce(duration_ms, 0) from core.fct_annotation_actions"
            " where project_id = 'p1' and item_id is not null"
        ).fetchall()
    with (ROOT / "seeds" / "annotation_time_buckets.csv").open(newline="") as file:
        buckets = list(csv.DictReader(file))
    full_hour = {"minute": 0, "second": 0, "microsecond": 0}
    for name, cut in {"hour": full_hour, "day": {**full_hour, "hour": 0}}.items():
        times: defaultdict[tuple[datetime, str], int] = defaultdict(int)
        for item, at, ms in actions:
            times[at.replace(**cut), item] += ms
        wanted = Counter(
            (start, bucket["bucket"])
            for (start, _), ms in times.items()
            for bucket in buckets
            if int(bucket["lower_ms"]) <= ms < float(bucket["upper_ms"] or "inf")
        )
        assert shown(name) == wanted


def shown(granularity: str) -> dict[tuple[datetime, str], int]:
    """The counts that the page shows by start and bucket; starts fall as they were asked to."""
    tables: dict[str, list[list[str]]] = {}
    for cells in map(str.split, BUCKETS):
        if len(cells) == 1:
            rows = tables.setdefault(cells[0], [])
        else:
            rows.append(cells)
    counts = {
        (datetime.fromisoformat(" ".join(start)), bucket): int(count)
        for *start, bucket, count in tables[granularity][1:]
    }
    starts = [start for start, _ in counts]
    assert starts == sorted(starts, reverse=True)
    return counts


def test_the_time_of_an_item_is_that_of_all_its_actions() -> None:
    ms = sum(
        int(row["duration_ms"])
        for row in read_expected("item_annotation_duration")
        if row["item_id"] == "i1" and row["time_granularity"] == "month"
    )
    assert [f"{ms / 1000} seconds"] == ITEM_TIME


def test_samples_wait_and_land_as_the_sdk_wrote_them(ran: Served) -> None:
    (post,) = waiting(ran.home)
    (file,) = post.iterdir()
    samples = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(one["eventType"], one["context"]["projectId"]) for one in samples] == [
        ("service", "p1"),
        ("execution", "p1"),
        ("activity", "p1"),
    ]
    with writing(ran.home, "the test"):
        (outcome,) = land_intake(ran.home)
    assert (outcome.status, outcome.landed, outcome.quarantined) == ("landed", 3, 0)
