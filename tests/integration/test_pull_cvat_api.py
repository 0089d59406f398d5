"""Pulling names and states from CVAT's API, over HTTP, with CVAT's SDK as it is."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from cvat_sdk.api_client import ApiClient, Configuration

from orchestration.assets.cvat_api import CVAT_API, READ, define_cvat_api
from orchestration.cli import main
from orchestration.home import Home
from orchestration.landing import loads
from orchestration.landing.lake import stored
from orchestration.pulls import patience
from orchestration.reporter import Reporter
from tests.cvat.server import PASSWORD, TOKEN, Server, running
from tests.cvat.state import ISSUES, JOBS, LABELS, PROJECTS, SHOWN, TASKS, USERS, State

DUMP = Path(__file__).resolve().parent.parent / "fixtures" / "names" / "dump.json"

SMALL = {
    "organization": 2,
    "project": 2,
    "task": 3,
    "job": 5,
    "label": 5,
    "user": 3,
    "issue": 2,
}
"""What the small dump holds, counted by hand."""


@pytest.fixture
def server() -> Iterator[Server]:
    with running(State.read(DUMP)) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home whose owner may ask CVAT, and does not wait between two tries."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    monkeypatch.setenv("CVAT_API_TOKEN", TOKEN)
    monkeypatch.setattr(patience, "wait_s", lambda retry, first_wait_s: 0.0)
    return home


def pulled(server: Server, *options: str) -> int:
    return main(["pull", "cvat-api", "--url", server.url, *options])


def landed(home: Home) -> list[dict[str, Any]]:
    """Return what has landed, load by load."""
    with duckdb.connect() as engine:
        rows = engine.execute(
            "select resource, resource_id, is_gone, attributes"
            f" from {stored(home, 'cvat_resources')} order by seen_at, resource, resource_id"
        ).fetchall()
    names = ("resource", "id", "is_gone", "attributes")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [row | {"attributes": json.loads(row["attributes"] or "null")} for row in found]


def attributes(home: Home, resource: str, number: int) -> dict[str, Any]:
    """Return what landed last of a resource."""
    return [
        row["attributes"]
        for row in landed(home)
        if (row["resource"], row["id"]) == (resource, number)
    ][-1]


def test_the_server_of_the_tests_answers_as_the_sdk_wants_it(server: Server) -> None:
    """The SDK validates every key and type of CVAT 2.80."""
    with ApiClient(Configuration(host=server.url, access_token=TOKEN)) as api:
        seen = {name: len(getattr(api, f"{name}_api").list()[0].results) for name in SHOWN}
    # A list shows the labels of a skeleton only inside of it.
    assert seen == {f"{name}s": count for name, count in SMALL.items()} | {"labels": 3}


def test_a_pull_lands_each_resource_once(
    home: Home, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pulled(server) == 0
    rows = landed(home)
    assert Counter(row["resource"] for row in rows) == SMALL
    assert not any(row["is_gone"] for row in rows)
    assert attributes(home, "job", 1002) == {
        "organization": 1,
        "project_id": 10,
        "task_id": 100,
        "parent_job_id": None,
        "assignee": 7,
        "stage": "annotation",
        "state": "completed",
        "type": "ground_truth",
        "frame_count": 3,
        "start_frame": 0,
        "stop_frame": 29,
        "created_date": "2026-01-05T09:00:00.123Z",
    }
    assert attributes(home, "job", 2001)["parent_job_id"] == 2000
    assert attributes(home, "task", 300)["size"] is None
    assert attributes(home, "user", 9)["last_name"] == "O'Neil"
    # A part of a skeleton belongs where the skeleton does.
    assert attributes(home, "label", 61) == {
        "name": "1",
        "type": "points",
        "color": "#2080c0",
        "project_id": 10,
        "task_id": None,
        "parent_id": 6,
    }
    said = capsys.readouterr().out
    assert "5 jobs" in said
    assert "22 new or changed, 0 gone" in said


def test_a_second_pull_adds_nothing(
    home: Home, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    pulled(server)
    before = loads(home)
    # Who works changes these all the time; they are no names and no states.
    server.state.tables[JOBS][1000]["updated_date"] = "2026-02-01T00:00:00Z"
    server.state.tables[USERS][8]["last_login"] = "2026-02-01T00:00:00Z"
    assert pulled(server) == 0
    assert loads(home) == before
    assert "Nothing changed" in capsys.readouterr().out


def test_what_changed_lands_and_what_is_gone_ends(home: Home, server: Server) -> None:
    pulled(server)
    tables = server.state.tables
    tables[JOBS][1000] |= {"state": "completed", "assignee": None}
    tables[PROJECTS][20]["name"] = "Fields 日本語 \\ \u2028"
    del tables[TASKS][300]
    del tables[LABELS][7]
    assert pulled(server) == 0
    later = landed(home)[sum(SMALL.values()) :]
    assert [(row["resource"], row["id"], row["is_gone"]) for row in later] == [
        ("job", 1000, False),
        ("label", 7, True),
        ("project", 20, False),
        ("task", 300, True),
    ]
    assert attributes(home, "job", 1000)["state"] == "completed"
    assert attributes(home, "job", 1000)["assignee"] is None
    assert attributes(home, "project", 20)["name"] == "Fields 日本語 \\ \u2028"
    count = len(loads(home))
    pulled(server)
    assert len(loads(home)) == count


def test_what_returns_lands_again(home: Home, server: Server) -> None:
    pulled(server)
    issue = server.state.tables[ISSUES].pop(70)
    pulled(server)
    server.state.tables[ISSUES][70] = issue
    pulled(server)
    states = [row["is_gone"] for row in landed(home) if row["id"] == 70]
    assert states == [False, True, False]


def test_pages_are_read_one_after_the_other(home: Home, server: Server) -> None:
    server.largest_page = 2
    assert pulled(server) == 0
    assert Counter(row["resource"] for row in landed(home)) == SMALL
    assert sum(path.startswith("/api/jobs") for path in server.asked) == 3


def test_what_is_deleted_between_two_pages_hides_nothing_else(home: Home) -> None:
    class Shrinking(State):
        """Job 1000 is deleted when the first page of jobs has been read."""

        def shown(self, endpoint: str, at: str) -> dict[int, dict[str, Any]]:
            found = super().shown(endpoint, at)
            if endpoint == "jobs":
                self.tables[JOBS].pop(1000, None)
            return found

    with running(Shrinking.read(DUMP)) as server:
        server.largest_page = 2
        assert pulled(server) == 0
    jobs = [row["id"] for row in landed(home) if row["resource"] == "job"]
    assert jobs == [1000, 1001, 1002, 2000, 2001]


def test_what_breaks_is_asked_again(
    home: Home, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.failures = ["500", "break", "cut"]
    assert pulled(server) == 0
    assert Counter(row["resource"] for row in landed(home)) == SMALL
    said = capsys.readouterr().err
    assert said.count("Trying again") == 3
    assert "answers organizations with 500" in said


@pytest.mark.parametrize("failure", ["500", "break", "cut"])
def test_where_it_goes_on_breaking_nothing_lands(
    home: Home, server: Server, failure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.failures = ["", "", *[failure] * patience.TRIES]
    assert pulled(server) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"Gave up after {patience.TRIES} tries: {server.url}: ")
    assert "object at" not in last
    assert loads(home) == []
    assert list(home.scratch.glob("pull-*")) == []
    assert pulled(server) == 0
    assert Counter(row["resource"] for row in landed(home)) == SMALL


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/api/server/about", (404, "<html>"), "this is no CVAT: it has no api/server/about"),
        ("/api/server/about", (200, "<html>welcome</html>"), "this is no CVAT"),
        ("/api/server/about", (200, ["CVAT"]), "this is no CVAT"),
        (
            "/api/server/about",
            (301, "https://cvat.example.org/api/server/about"),
            "it sends elsewhere; is the address https://cvat.example.org?",
        ),
        ("/api/jobs", (403, {"detail": "no\nway"}), "this user may not see jobs: no way"),
        ("/api/jobs", (400, {"filter": ["what?"]}), 'answers jobs with 400: {"filter"'),
        ("/api/jobs", (200, {"results": [{"name": "a"}], "next": None}), "this is no CVAT"),
        (
            "/api/jobs",
            (200, {"results": [{"id": 9}, {"id": 8}], "next": None}),
            "does not list jobs in the order of their ids",
        ),
    ],
)
def test_each_refusal_is_one_line(
    home: Home,
    server: Server,
    path: str,
    answer: tuple[int, Any],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.answers[path] = answer
    assert pulled(server) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(server.url)
    assert said in line
    assert loads(home) == []


def test_credentials_come_from_the_environment(
    home: Home,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CVAT_API_TOKEN", "another")
    assert pulled(server) == 1
    said = capsys.readouterr().err
    assert "does not accept the credentials in CVAT_API_TOKEN" in said
    assert "another" not in said
    monkeypatch.delenv("CVAT_API_TOKEN")
    assert pulled(server) == 2
    assert "set CVAT_API_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("CVAT_USERNAME", PASSWORD[0])
    monkeypatch.setenv("CVAT_PASSWORD", PASSWORD[1])
    assert pulled(server) == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("cvat.example.org", "--url must be an address such as https://app.cvat.ai"),
        ("https://cvat.example.org:port", "--url must be an address"),
        ("ftp://cvat.example.org", "--url must be an address"),
        ("https://ann:secret@cvat.example.org", "--url must be without user and password"),
        ("https://cvat.example.org/?page=1", "leave out what follows ?"),
    ],
)
def test_what_is_no_address_is_refused(
    home: Home, url: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pull", "cvat-api", "--url", url]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert "secret" not in line


def test_nobody_there_is_one_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert main(["pull", "cvat-api", "--url", url]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"{url}: the connection broke: " in last
    assert "refused" in last


def test_another_cvat_is_refused_unless_it_has_moved(
    home: Home, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    pulled(server)
    with running(State.read(DUMP)) as other:
        assert pulled(other) == 1
        assert f"those of {server.url}, and {other.url} would end all" in capsys.readouterr().err
        del other.state.tables[ISSUES][71]
        assert pulled(other, "--moved") == 0
        assert pulled(other) == 0
    assert [row["id"] for row in landed(home) if row["is_gone"]] == [71]


def test_an_organization_narrows_what_is_seen(
    home: Home, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pulled(server, "--organization", "acme") == 0
    assert [row["id"] for row in landed(home) if row["resource"] == "task"] == [100]
    assert pulled(server) == 1
    assert f"those of {server.url} (organization acme), and" in capsys.readouterr().err


def test_the_numbers_of_a_real_cvat_are_those_of_its_dump(home: Home, real_logs: Path) -> None:
    path = real_logs / "cvat_dimensions" / "data.nocredentials.json"
    if not path.exists():
        pytest.skip(f"the dump of CVAT's test database is not here: {path}")
    dump = json.loads(path.read_text(encoding="utf-8"))
    models = {row["model"]: Counter(other["model"] for other in dump)[row["model"]] for row in dump}
    with running(State.read(path)) as server:
        server.largest_page = 20
        assert pulled(server) == 0
    rows = landed(home)
    assert Counter(row["resource"] for row in rows) == {
        "organization": models["organizations.organization"],
        "project": models["engine.project"],
        "task": models["engine.task"],
        "job": models["engine.job"],
        "label": models["engine.label"],
        "user": models["auth.user"],
        "issue": models["engine.issue"],
    }
    jobs = {row["id"]: row["attributes"] for row in rows if row["resource"] == "job"}
    users = {row["attributes"]["username"]: row["id"] for row in rows if row["resource"] == "user"}
    for row in dump:
        if row["model"] == "engine.job":
            job, fields = jobs[row["pk"]], row["fields"]
            told = {key: fields[key] for key in ("stage", "state", "type")}
            assert {key: job[key] for key in told} == told
            assert job["assignee"] == (users[fields["assignee"][0]] if fields["assignee"] else None)
    parts = [row for row in dump if row["model"] == "engine.label" and row["fields"]["parent"]]
    labels = {row["id"]: row["attributes"] for row in rows if row["resource"] == "label"}
    assert parts
    for row in parts:
        told = {"name": "name", "parent_id": "parent", "project_id": "project", "task_id": "task"}
        assert {key: labels[row["pk"]][key] for key in told} == {
            key: row["fields"][of_dump] for key, of_dump in told.items()
        }


# Dagster


def materialized(home: Home, environment: dict[str, str]) -> dg.ExecuteInProcessResult:
    (asset,) = define_cvat_api(environment)
    config = {"ops": {CVAT_API: {"config": {"first_wait_s": 0.0}}}}
    resources = {"home": home, "reporter": Reporter()}
    return dg.materialize([asset], resources=resources, run_config=config)


def test_the_asset_pulls(home: Home, server: Server) -> None:
    result = materialized(home, {"WAREHOUSE_CVAT_API_URL": server.url})
    (made,) = result.asset_materializations_for_node(CVAT_API)
    assert {key: value.value for key, value in made.metadata.items()} == {
        **SMALL,
        "changed": 22,
        "gone": 0,
    }
    assert Counter(row["resource"] for row in landed(home)) == SMALL


def test_the_asset_goes_on_without_cvat(home: Home, server: Server) -> None:
    server.answers["/api/jobs"] = (403, {"detail": "no"})
    result = materialized(home, {"WAREHOUSE_CVAT_API_URL": server.url})
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == (READ, False)
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "may not see jobs" in check.metadata["why"].value
    assert loads(home) == []


def test_without_settings_there_is_no_asset() -> None:
    assert define_cvat_api({}) == []
