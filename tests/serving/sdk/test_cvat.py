"""The page of CVAT's SDK and curl: the clients as they are, the service as it runs."""

from __future__ import annotations

import json
import sys

import duckdb
import pytest
from cvat_sdk.api_client import ApiClient, Configuration

from orchestration.intake import land_intake, waiting
from orchestration.lock import writing
from tests.doc_pages import DOCS
from tests.serving.running import token
from tests.serving.sdk import pages
from tests.serving.sdk.conftest import PASSWORD, Served

PAGE = DOCS / "from_cvat_sdk.md"
SAID = pages.said(PAGE, "python") | pages.said(PAGE, "sh")
_, EXPORTED, LISTED, _, FETCHED, _ = SAID.values()
"""What the page says that its examples print: those in Python, then those in the shell."""


@pytest.fixture(scope="module")
def ran(own_served: Served, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The service after all examples of the page."""
    folder = tmp_path_factory.mktemp("cvat")
    environment = {
        "WAREHOUSE_URL": own_served.url,
        "WAREHOUSE_TOKEN": token("owner", "1", "9", name="zoe"),
        "WAREHOUSE_USER": f"zoe:{PASSWORD}",
    }
    own_served.printed = {
        **pages.printed(PAGE, "python", [sys.executable], folder, **environment),
        **pages.printed(PAGE, "sh", ["bash", "-eu"], folder, **environment),
    }
    return own_served


def test_the_examples_print_what_the_page_says(ran: Served) -> None:
    assert ran.printed == SAID


def test_name_and_password_do_too(own_served: Served) -> None:
    zoe = Configuration(host=own_served.url, username="zoe", password=PASSWORD)
    with ApiClient(zoe) as cvat:
        (_, answer) = cvat.events_api.create_export(user_id=9)
    assert answer.status == 202


def test_the_files_hold_the_published_events(ran: Served) -> None:
    """Of organization 1, which zoe owns, and without exceptions."""
    events = "from core.fct_events where org_id = '1' and scope <> 'send:exception'"
    with duckdb.connect(str(ran.home.published_file), read_only=True) as published:
        scopes = published.execute(
            f"select scope, count(*) {events} and user_id = '9' group by scope order by scope"
        ).fetchall()
        (of_job,) = published.execute(
            f"select count(*) {events} and assignment_id = '3000'"
        ).fetchone()
    assert scopes
    assert [f"zoe.csv {dict(scopes)}"] == EXPORTED
    assert of_job
    assert [f"200 {of_job} events"] == LISTED
    assert FETCHED[1:] == [str(of_job), "404"]


def test_events_wait_as_zoes_and_land(ran: Served) -> None:
    files = {
        file.name.rpartition("-")[2]: file.read_text(encoding="utf-8")
        for post in waiting(ran.home)
        for file in post.iterdir()
        if "platform_samples" not in file.name
    }
    assert sorted(files) == ["cvat_client_batches.jsonl", "cvat_events.jsonl"]
    (event,) = map(json.loads, files["cvat_events.jsonl"].splitlines())
    assert (event["scope"], event["count"], event["user_id"]) == ("draw:object", 2, 9)
    with writing(ran.home, "the test"):
        outcomes = land_intake(ran.home)
    assert {outcome.status for outcome in outcomes} == {"landed"}
