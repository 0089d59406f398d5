"""Exports outlive the process, end when they cannot be made, and are removed in time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import httpx
import pytest

from benchmarks.exporting import publish_events
from orchestration.export import EventFilter, opened
from orchestration.home import PROJECT, Home
from serving.callers.caller import Caller, Role
from serving.events.naming import clean_name
from serving.refusal import Refused
from serving.requests.creation import HISTORIES, created_at
from serving.requests.exports import STARTS, Exports
from serving.requests.job import ENDED, Job, Status, load, now, save
from serving.requests.permission import check_still_seen
from serving.settings import Settings
from tests.serving.exporting import begun, downloaded, ended, eventually
from tests.serving.process import running
from tests.serving.running import token

MANY = 100_000
"""Events whose export takes long enough to be interrupted."""

SOMEBODY = Caller("1", Role.ADMIN)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with that many events."""
    home = Home(tmp_path_factory.mktemp("many"))
    publish_events(home, MANY)
    return home


@pytest.fixture
def home(many: Home, tmp_path: Path) -> Home:
    """The same, with no exports yet."""
    home = Home(tmp_path / "home")
    home.published_file.parent.mkdir(parents=True)
    os.link(many.published_file, home.published_file)
    return home


@pytest.fixture
def few(tmp_path: Path) -> Home:
    home = Home(tmp_path / "few")
    publish_events(home, 100)
    return home


def record(home: Home, id: str) -> Job:
    return load(home.exports / f"{id}.json")


def kept(home: Home) -> list[str]:
    """Return the files of exports, half-made ones too."""
    return sorted(path.name for path in home.exports.iterdir() if path.is_file())


@contextmanager
def working(home: Home, **settings: int) -> Iterator[Exports]:
    """Make the home's exports in this process."""
    exports = Exports(home, Settings(**settings))
    exports.start()
    try:
        yield exports
    finally:
        exports.stop()


def finished(exports: Exports, id: str) -> Job:
    return eventually(lambda: (job := exports.find(id)).status in ENDED and job)


def lines(caller: httpx.Client, request: dict) -> int:
    return caller.get(request["result_url"]).raise_for_status().content.count(b"\r\n")


# What outlives the process


def test_a_killed_service_makes_the_export_when_it_is_back(home: Home) -> None:
    with running(home) as service, service.caller() as caller:
        first, second = begun(caller), begun(caller, org_id=3)
        eventually(lambda: list(home.exports.glob(".*.csv.*.unfinished")))
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    assert record(home, first).status is Status.STARTED
    assert f"{first}.csv" not in kept(home)
    with running(home) as service, service.caller() as caller:
        made = [ended(caller, id) for id in (first, second)]
        assert [request["status"] for request in made] == ["finished", "finished"]
        assert [lines(caller, request) - 1 for request in made] == [MANY, MANY // 5]
    # Nothing of the first try is left.
    files = [f"{id}.{kind}" for id in (first, second) for kind in ("csv", "json")]
    assert kept(home) == sorted([*files, "lock"])
    assert list((home.exports / "spill").iterdir()) == []


def test_a_stopped_service_leaves_its_exports_for_later(home: Home) -> None:
    with running(home, WAREHOUSE_SERVE_EXPORTS="1") as service, service.caller() as caller:
        ids = [begun(caller), begun(caller, user_id=5)]
        eventually(lambda: list(home.exports.glob(".*.csv.*.unfinished")))
        service.process.terminate()
        assert service.process.wait(30) == 0
    assert [(record(home, id).status, record(home, id).starts) for id in ids] == [("queued", 0)] * 2
    assert not list(home.exports.glob("*.csv"))
    with working(home) as exports:
        assert [finished(exports, id).status for id in ids] == ["finished", "finished"]


def test_results_are_there_after_a_restart(few: Home) -> None:
    with working(few) as exports:
        before = finished(exports, exports.submit(SOMEBODY, EventFilter(), "mine.csv").id)
        assert before.size == exports.file(before).stat().st_size
    with working(few) as exports:
        assert exports.of(SOMEBODY) == [before]
        # An app may be begun twice.
        exports.stop()
        exports.start()
        assert exports.of(SOMEBODY) == [before]
        assert exports.file(before).stat().st_size == before.size


def test_an_export_that_ends_the_process_again_and_again_is_given_up(few: Home) -> None:
    few.exports.mkdir()
    job = Job("deadly", "1", "1", EventFilter(), None, now(), Status.STARTED, starts=STARTS)
    save(job, few.exports / "deadly.json")
    save(replace(job, id="lucky", starts=STARTS - 1), few.exports / "lucky.json")
    with working(few) as exports:
        assert exports.find("deadly").status is Status.FAILED
        assert exports.find("deadly").message == "The service ended 3 times while it was made"
        assert finished(exports, "lucky").status is Status.FINISHED


def test_what_nobody_knows_of_is_cleared_away(few: Home) -> None:
    few.exports.mkdir()
    (few.exports / "orphan.csv").write_text("old")
    (few.exports / ".half.csv.1.unfinished").write_text("old")
    (few.exports / "broken.json").write_text("{")
    with working(few):
        pass
    # A record that cannot be read is somebody's: it stays for who looks after the service.
    assert kept(few) == ["broken.json", "lock"]


def test_one_home_has_one_service(few: Home) -> None:
    with working(few):
        second = subprocess.run(
            [sys.executable, "-m", "orchestration", "serve", "--port", "0"],
            env={**os.environ, "WAREHOUSE_HOME": str(few.root)},
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"Another process serves {few.root} already. Stop it first, or serve another home.\n"
    )


# What cannot be made


def test_a_full_disk_fails_the_export_and_says_so(home: Home) -> None:
    with running(home, limit_files=1_000_000) as service, service.caller() as caller:
        id = begun(caller)
        request = ended(caller, id)
        assert request["status"] == "failed"
        assert request["message"] == "The file cannot be written: File too large"
        assert (request["result_url"], request["progress"]) == (None, 0)
        old = caller.get("/api/events", params={"query_id": id})
        assert (old.status_code, old.json()["message"]) == (500, request["message"])
        assert caller.get("/api/events/download", params={"rq_id": id}).status_code == 400
        assert kept(home) == [f"{id}.json", "lock"]
        # The next one that fits is made.
        assert downloaded(caller, user_id=5, job_id=5).startswith(b"scope,")


def test_without_a_publication_an_export_fails(tmp_path: Path) -> None:
    with working(Home(tmp_path / "new")) as exports:
        job = finished(exports, exports.submit(SOMEBODY, EventFilter(), None).id)
    assert job.status is Status.FAILED
    assert job.message == "Nothing is published yet. Run: warehouse refresh"


def test_a_caller_waits_for_exports_before_asking_for_more(home: Home) -> None:
    def submit(caller: Caller = SOMEBODY) -> Job:
        return exports.submit(caller, EventFilter(), None)

    with working(home, exports=1, export_waiting=2) as exports:
        jobs = [submit(), submit()]
        with pytest.raises(Refused, match=r"^2 exports of yours are not made yet") as refused:
            submit()
        assert refused.value.status == 429
        submit(replace(SOMEBODY, user_id="2"))
        # What is not begun can be dropped, and makes room.
        eventually(lambda: exports.find(jobs[0].id).status is not Status.QUEUED)
        assert [exports.cancel(job.id) for job in jobs] == [False, True]
        assert exports.find(jobs[1].id) is None
        submit()


# What is removed


def test_results_are_removed_in_time(few: Home) -> None:
    with working(few, export_keep_s=1) as exports:
        job = finished(exports, exports.submit(SOMEBODY, EventFilter(), None).id)
        assert (job.expires_at - job.ended_at).total_seconds() == 1
        assert exports.of(SOMEBODY) == [job]
        eventually(lambda: exports.find(job.id) is None)
        assert exports.of(SOMEBODY) == []
        eventually(lambda: kept(few) == ["lock"])


def test_a_download_that_broke_off_can_be_repeated_once(home: Home) -> None:
    with running(home) as service, service.caller() as caller:
        id = caller.get("/api/events").json()["query_id"]
        query = {"query_id": id, "action": "download"}
        eventually(lambda: caller.get("/api/events", params={"query_id": id}).status_code == 201)
        size = (home.exports / f"{id}.csv").stat().st_size
        assert size > 20_000_000
        host, port = service.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(
                f"GET /api/events?query_id={id}&action=download HTTP/1.1\r\nHost: {host}\r\n"
                f"Authorization: Bearer {token()}\r\n\r\n".encode()
            )
            assert line.recv(15) == b"HTTP/1.1 200 OK"
        with caller.stream("GET", "/api/events", params=query) as answer:
            assert answer.headers["Content-Length"] == str(size)
            assert sum(map(len, answer.iter_raw())) == size
        eventually(lambda: caller.get("/api/events", params=query).status_code == 404)
        assert kept(home) == ["lock"]


# Its parts


def test_a_new_publication_is_read_while_the_old_one_still_is(few: Home, tmp_path: Path) -> None:
    count = "select count(*) from core.fct_events"
    newer = Home(tmp_path / "newer")
    publish_events(newer, 7)
    with opened(few.published_file) as old:
        assert old.execute(count).fetchone() == (100,)
        os.replace(newer.published_file, few.published_file)
        with opened(few.published_file) as new:
            assert new.execute(count).fetchone() == (7,)
            assert old.execute(count).fetchone() == (100,)


@pytest.fixture
def histories() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        engine.execute("create schema core")
        for history, column in HISTORIES.values():
            engine.execute(f"create table {history} ({column} varchar, created_at timestamp)")
        engine.execute(
            "insert into core.dim_tasks_history values ('5', '2026-03-02'), ('5', '2026-03-01'),"
            " ('6', null)"
        )
        engine.execute("insert into core.dim_organizations_history values ('1', '2026-01-01')")
        yield engine


@pytest.mark.parametrize(
    ("chosen", "at"),
    [
        (EventFilter(), None),
        (EventFilter(user_id="1", job_id="5"), None),
        (EventFilter(task_id="6"), None),
        (EventFilter(task_id="5"), datetime(2026, 3, 1)),
        (EventFilter(task_id="5", org_id="1"), datetime(2026, 3, 1)),
        (EventFilter(task_id="7", org_id="1"), datetime(2026, 1, 1)),
    ],
)
def test_creation_is_that_of_the_youngest_that_is_known(
    histories: duckdb.DuckDBPyConnection, chosen: EventFilter, at: datetime | None
) -> None:
    assert created_at(histories, chosen) == at


@pytest.mark.parametrize(
    ("caller", "chosen", "seen"),
    [
        (Caller("7", Role.WORKER), {"user_id": "7"}, True),
        (Caller("7", Role.WORKER), {"user_id": "7", "org_id": "1"}, True),
        (Caller("7", Role.WORKER, "2"), {"user_id": "7", "org_id": "1"}, True),
        (Caller("7", Role.WORKER, "1"), {"org_id": "1"}, False),
        (Caller("7", Role.OWNER, "1"), {"org_id": "1"}, True),
        (Caller("7", Role.OWNER, "2"), {"org_id": "1"}, False),
        (Caller("7", Role.OWNER, "1"), {}, False),
        (Caller("7", Role.ADMIN, "1"), {}, True),
    ],
)
def test_results_are_for_who_may_see_what_is_in_them(
    caller: Caller, chosen: dict[str, str], seen: bool
) -> None:
    job = Job("1", caller.user_id, "", EventFilter(**chosen), None, now())
    if seen:
        check_still_seen(job, caller)
    else:
        with pytest.raises(Refused) as refused:
            check_still_seen(job, caller)
        assert refused.value.status == 403


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (None, None),
        ("", None),
        ("...", None),
        ("a/", None),
        ("/etc/passwd", "passwd"),
        ("x\0\u202e\ny.csv", "xy.csv"),
        (" .hidden", "hidden"),
        ("n" * 300, "n" * 200),
    ],
)
def test_names_have_no_folders_and_no_control_characters(asked: str, name: str) -> None:
    assert clean_name(asked) == name


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    at = datetime(2026, 1, 1, 8, 0, 0, 250_000)
    chosen = EventFilter(org_id="1", job_id="ü", first_at=at)
    job = Job("1", "7", "Zoë", chosen, "名.csv", now(), Status.FAILED, 2, now(), now(), now(), "no")
    save(job, tmp_path / "1.json")
    assert load(tmp_path / "1.json") == job
    assert json.loads((tmp_path / "1.json").read_text())["status"] == "failed"
