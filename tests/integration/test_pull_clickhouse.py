"""Pulls from CVAT's ClickHouse, over HTTP from a real engine that misbehaves when it is told to."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from checkouts import Run, csv_line, write_csv

from orchestration.assets.cvat_clickhouse import define_cvat_clickhouse
from orchestration.assets.landing import define_landing
from orchestration.cli import main
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.landing import land, loads
from orchestration.landing.schemas import CVAT_COLUMNS
from orchestration.reporter import Reporter
from orchestration.triggers import define_schedules
from tests.clickhouse.running import COLUMNS, PASSWORD, TOKEN, USER, ClickHouse, clickhouse
from tests.conftest import build

Pull = Callable[..., int]

URL = "WAREHOUSE_CVAT_CLICKHOUSE_URL"

DAY = "2026-01-05"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouse]:
    with clickhouse(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@pytest.fixture
def server(engine: ClickHouse) -> ClickHouse:
    """The server with an empty table of CVAT events, behaving itself."""
    engine.behave()
    engine.create()
    return engine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CVAT_CLICKHOUSE_USER", USER)
    monkeypatch.setenv("CVAT_CLICKHOUSE_PASSWORD", PASSWORD)
    monkeypatch.delenv(URL, raising=False)
    return Home(tmp_path / "home")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a pull waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.fixture
def pull(server: ClickHouse, home: Home) -> Pull:
    """Run the command on that server."""

    def run(*arguments: str) -> int:
        return main(["pull", "cvat-clickhouse", "--url", server.url, *arguments])

    return run


def insert(
    server: ClickHouse, *rows: str, columns: str = "scope, source, timestamp, obj_id"
) -> None:
    server.ask(f"insert into cvat.events ({columns}) values {', '.join(rows)}")


def event(at: str, number: int) -> str:
    """Return an event of a day and time, told apart by its number."""
    return f"('create:job', 'server', '{at}', {number})"


def events(server: ClickHouse, start: str, count: int, every_ms: int) -> None:
    """Insert events with running numbers."""
    server.ask(
        "insert into cvat.events (scope, source, timestamp, obj_id)"
        f" select 'create:job', 'server', toDateTime64('{start}', 3, 'UTC')"
        f" + toIntervalMillisecond(number * {every_ms}), number from numbers({count})"
    )


def landed(home: Home, columns: str = "timestamp::varchar, obj_id") -> list[tuple]:
    """Return what lies in the lake, every copy of it, in order of time."""
    files = f"{home.lake}/*/cvat_events.parquet"
    return duckdb.sql(f"select {columns} from read_parquet('{files}') order by all").fetchall()


def slices_read(server: ClickHouse) -> list[str]:
    """Return the queries since the last `behave` that asked for rows."""
    return [query for query in server.asked() if query.endswith("FORMAT Parquet")]


# What arrives


def test_the_rows_arrive_as_they_are(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    insert(
        server,
        # All columns; text that CSV and JSON would have to escape.
        "('update:job', 'state', 18014398509481985, '{\\'a\\': \"ü\"}', 'server',"
        " '2026-01-05 08:00:00.000', 65535, 4294967295, 1, 2, 3, 4, 'Zoë', 'z@example.com', 5,"
        ' \'org\', \'{"old_value": "läuft,\\\\n", "n": null}\', 6)',
        # Equal rows are two events. Empty text is none, as in CSV.
        *[
            "('draw:object', '', 1, '', 'client', '2026-01-06 00:00:00.001', 1, 2500, 1, 2, 3, 4,"
            " 'ann', '', null, null, '', null)"
        ]
        * 2,
        columns="*",
    )
    # The first ms of a day, its last second and its last ms.
    for at in ("00:00:00.000", "23:59:59.000", "23:59:59.999"):
        insert(server, event(f"{DAY} {at}", 0))
    # Bytes that are no text become a sign for that.
    insert(
        server,
        "('click:element', unhex('61FF62'), 'client', '2026-01-07 00:00:00.000', 1)",
        columns="scope, obj_val, source, timestamp, count",
    )
    assert pull() == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"Landed 1 slice of cvat.events at {server.url} with 7 new rows",
        "Next: warehouse build",
    ]
    columns = ["timestamp::varchar", *(f'"{name}"' for name in CVAT_COLUMNS if name != "timestamp")]
    created = ("create:job", None, 0, None, "server", None, 0, *[None] * 10)
    drawn = ("draw:object", None, 1, None, "client", 1, 2500, 1, 2, 3, 4, "ann", *[None] * 5)
    assert landed(home, ", ".join(columns)) == [
        ("2026-01-05 00:00:00", *created),
        (
            *("2026-01-05 08:00:00", "update:job", "state", 18014398509481985, "{'a': \"ü\"}"),
            *("server", 65535, 4294967295, 1, 2, 3, 4, "Zoë", "z@example.com", 5, "org"),
            *('{"old_value": "läuft,\\n", "n": null}', 6),
        ),
        ("2026-01-05 23:59:59", *created),
        ("2026-01-05 23:59:59.999", *created),
        ("2026-01-06 00:00:00.001", *drawn),
        ("2026-01-06 00:00:00.001", *drawn),
        (
            "2026-01-07 00:00:00",
            "click:element",
            None,
            None,
            "a\ufffdb",
            "client",
            1,
            0,
            *[None] * 10,
        ),
    ]


def test_a_second_pull_adds_nothing(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    events(server, f"{DAY} 00:00:00", 400, 600_000)
    assert pull("--slice-rows", "100") == 0
    before = loads(home)
    # The 144 rows of a day are more than a slice holds: minutes of several days share one.
    assert len(before) == 4
    server.behave()
    capsys.readouterr()
    assert pull("--slice-rows", "100") == 0
    said = capsys.readouterr().out
    assert said == f"Nothing new in cvat.events at {server.url}: its 400 rows landed before\n"
    assert loads(home) == before
    assert slices_read(server) == []


def test_only_the_days_that_are_asked_for_arrive(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, at in enumerate(["04 23:59:59.999", "05 00:00:00", "06 23:59:59.999", "07 00:00"]):
        insert(server, event(f"2026-01-{at}", number))
    assert pull("--since", "2026-01-05", "--until", "2026-01-06") == 0
    assert [number for _, number in landed(home)] == [1, 2]
    # Since another day: the rest, and none twice.
    assert pull() == 0
    assert [number for _, number in landed(home)] == [0, 1, 2, 3]
    assert pull("--since", "2027-01-01") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == (
        f"Nothing to land: cvat.events at {server.url} has no rows of the days that are asked for"
    )


def test_late_rows_of_any_age_arrive(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC).date()
    for number, at in enumerate([f"{today} 00:00:10", f"{today} 00:01:10", f"{DAY} 08:00:00"]):
        insert(server, event(at, number))
    insert(server, event(f"{DAY} 20:00:00", 3))
    assert pull() == 0
    # One that is equal to what landed, one within a minute that landed, one of a new minute.
    insert(server, event(f"{DAY} 08:00:00", 2), event(f"{today} 00:00:50", 4))
    insert(server, event(f"{today} 00:00:59.999", 5), event(f"{today} 00:03:00", 6))
    server.behave()
    capsys.readouterr()
    assert pull() == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        f"Landed 1 slice of cvat.events at {server.url} with 4 new rows, 3 rows read again beside"
        " them"
    )
    (asked,) = slices_read(server)
    # The old day is read as a whole; of today the minutes that differ.
    for start in (f"{DAY} 00:00", f"{today} 00:00", f"{today} 00:03"):
        assert f"timestamp >= toDateTime64('{start}:00.000', 3, 'UTC')" in asked
    assert f"timestamp < toDateTime64('{today} 00:01:00.000', 3, 'UTC')" in asked
    assert sorted(number for _, number in landed(home)) == [0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 6]
    server.behave()
    assert pull() == 0
    assert slices_read(server) == []
    # As the warehouse counts them: what was read again is a duplicate, the equal late row is none.
    assert build(home, select=["+stg_cvat__events"]).success
    with duckdb.connect(str(home.build_file), read_only=True) as warehouse:
        counted = warehouse.execute("select object_id from staging.stg_cvat__events").fetchall()
    assert sorted(int(number) for (number,) in counted) == [0, 1, 2, 2, 3, 4, 5, 6]


def test_many_rows_of_one_moment_are_divided_as_far_as_they_can_be(
    server: ClickHouse, pull: Pull, home: Home
) -> None:
    # Within one minute: 12 rows in 3 s, one each 250 ms; 15 rows in one ms, of which all are equal.
    events(server, f"{DAY} 08:00:01", 12, 250)
    insert(server, *[event(f"{DAY} 08:00:30.123", 100)] * 15)
    insert(server, event(f"{DAY} 08:00:30.124", 101))
    assert pull("--slice-rows", "10") == 0
    files = f"{home.lake}/*/files.parquet"
    counts = duckdb.sql(f"select landed_count from read_parquet('{files}') order by load_id")
    # Seconds 1 and 2, second 3; then the ms by itself, since nothing can part it; the last row.
    assert [count for (count,) in counts.fetchall()] == [8, 4, 15, 1]
    assert [number for _, number in landed(home)] == [*range(12), *[100] * 15, 101]


def test_a_table_from_before_2_48_and_one_with_a_column_of_its_own(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    server.create(columns=COLUMNS)
    insert(server, event(f"{DAY} 08:00:00", 1))
    assert pull() == 0
    assert landed(home, "obj_id, access_token_id") == [(1, None)]
    server.create(columns=f"{COLUMNS}{TOKEN}, `ip` String, `host` String")
    insert(server, event(f"{DAY} 08:00:00", 1), event(f"{DAY} 09:00:00", 2))
    capsys.readouterr()
    assert pull() == 0
    assert capsys.readouterr().err == (
        f"cvat.events at {server.url}: left out columns unknown here: ip, host\n"
    )
    assert [number for _, number in landed(home)] == [1, 1, 2]


def test_rows_of_an_export_are_the_same_rows(
    server: ClickHouse, pull: Pull, home: Home, tmp_path: Path
) -> None:
    # The line that csv_line writes, as ClickHouse holds it.
    insert(
        server,
        "('create:job', 1, 'server', '2026-01-05 08:00:07.000', 1, 2, 3, 7, 'ann',"
        " 'ann@example.com')",
        columns="scope, obj_id, source, timestamp, project_id, task_id, job_id, user_id,"
        " user_name, user_email",
    )
    land([write_csv(tmp_path / "export.csv", csv_line(7, 7))], home)
    assert pull() == 0
    exported, pulled = landed(home, ", ".join(f'"{name}"' for name in CVAT_COLUMNS))
    assert exported == pulled


def test_what_cannot_be_true_goes_to_quarantine_once(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    insert(server, event("1969-12-31 23:59:59.999", 1), event(f"{DAY} 08:00:00", 2))
    assert pull() == 0
    said = capsys.readouterr().out
    assert "with 2 new rows, 1 quarantined" in said
    assert "1 timestamp_out_of_range" in said
    assert pull() == 0
    assert "Nothing new" in capsys.readouterr().out
    assert landed(home) == [(f"{DAY} 08:00:00", 2)]


# What breaks


@pytest.mark.parametrize("quietly", [0, 1])
def test_a_slice_that_is_cut_is_read_again(
    server: ClickHouse,
    pull: Pull,
    home: Home,
    waits: list[float],
    capsys: pytest.CaptureFixture[str],
    quietly: int,
) -> None:
    events(server, f"{DAY} 00:00:00", 1000, 1000)
    server.behave(cut=[2, 3], cut_after=2000, quietly=quietly)
    assert pull("--slice-rows", "300") == 0
    assert waits == [1, 2]
    # 1000 rows at 1 s, in minutes of 60: 300, 300, 300, 100.
    assert len(slices_read(server)) == 4 + 2
    assert [number for _, number in landed(home)] == list(range(1000))
    complaints = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in complaints] == [
        "Trying again in 1 s",
        "Trying again in 2 s",
    ]


def test_a_pull_that_gives_up_goes_on_next_time_where_it_stopped(
    server: ClickHouse,
    pull: Pull,
    home: Home,
    waits: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    events(server, f"{DAY} 00:00:00", 1000, 1000)
    server.behave(cut=[3, 4, 5, 6], cut_after=2000)
    assert pull("--slice-rows", "300") == 1
    assert waits == [1, 2, 4]
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"Gave up after 4 tries: cvat.events at {server.url}: the connection broke: Response ended"
        " prematurely. What landed stays; the next pull goes on from there"
    )
    assert [number for _, number in landed(home)] == list(range(600))
    assert list(home.scratch.iterdir()) == []
    server.behave()
    assert pull("--slice-rows", "300") == 0
    assert len(slices_read(server)) == 2
    assert f"timestamp >= toDateTime64('{DAY} 00:10:00.000', 3, 'UTC')" in slices_read(server)[0]
    assert [number for _, number in landed(home)] == list(range(1000))


def test_notes_that_are_lost_only_cost_time(
    server: ClickHouse, pull: Pull, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    events(server, f"{DAY} 00:00:00", 100, 1000)
    assert pull() == 0
    (notes,) = home.pulls.iterdir()
    for damage in ("", '{"days": {"nonsense": 1}}', "[]"):
        notes.write_text(damage)
        assert pull() == 0
        assert len(loads(home)) == 1
    notes.unlink()
    assert pull() == 0
    assert len(loads(home)) == 1
    # Notes that know more than the lake, as after a backup was put back.
    shutil.rmtree(home.lake)
    assert pull() == 0
    assert [number for _, number in landed(home)] == list(range(100))


@pytest.mark.parametrize(
    ("arguments", "behaviour", "said"),
    [
        (["--table", "cvat.nothing"], {}, "there is no such table"),
        (["--table", "nowhere.events"], {}, "there is no such table"),
        (["--table", "system.one"], {}, "is no table of CVAT events: it has no scope, obj_name,"),
        ([], {"status": 500}, "it answers with HTTP status 500"),
        ([], {"status": 404}, "this is no ClickHouse, it answers with HTTP status 404"),
        ([], {"status": 200}, "this is no ClickHouse, it answers with something else"),
        (["--url", "http://127.0.0.1:1"], {}, "it cannot be reached"),
        (["--url", "https://127.0.0.1:{port}"], {}, "it cannot be reached: [SSL: "),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    server: ClickHouse,
    pull: Pull,
    home: Home,
    waits: list[float],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    behaviour: dict[str, int],
    said: str,
) -> None:
    server.behave(**behaviour)
    assert pull(*(argument.format(port=server.port) for argument in arguments)) == 1
    lines = [
        line
        for line in capsys.readouterr().err.splitlines()
        if not line.startswith("Trying again in")
    ]
    assert len(lines) == 1
    assert said in lines[0]
    assert loads(home) == []


def test_a_wrong_password_is_said_and_never_shown(
    pull: Pull, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CVAT_CLICKHOUSE_PASSWORD", "hunter2")
    assert pull() == 1
    said = capsys.readouterr()
    assert "it refuses the user and the password" in said.err
    assert said.err.count("\n") == 1
    assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--url is missing"),
        (["--url", "cvat.example.com"], "--url must be an address such as https://"),
        (["--url", "https://ann:secret@cvat.example.com"], "--url must be without user and pass"),
        (["--url", "https://cvat.example.com/?password=secret"], "--url must end with its path"),
        (["--url", "http://x", "--since", "yesterday"], "--since is 'yesterday'; it must be a day"),
        (["--url", "http://x", "--table", "events"], "--table is 'events'; it must be a table"),
        (["--url", "http://x", "--slice-rows", "0"], "--slice-rows must be at least 1"),
        (["--url", "http://x", "--overlap", "-1"], "--overlap must be a number of days"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    home: Home, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["pull", "cvat-clickhouse", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert error.count("\n") == 1
    assert "secret" not in error
    assert not home.root.exists()


# By itself


def test_without_an_address_there_is_no_asset() -> None:
    assert define_cvat_clickhouse({}) == []
    with pytest.raises(WarehouseError, match=rf"^{URL} must be without user and password"):
        define_cvat_clickhouse({URL: "http://ann:secret@cvat.example.com:8123"})


def test_a_run_pulls_and_then_lands(
    server: ClickHouse, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "manifest.json"
    lake = {"name": "cvat_events", "source_name": "lake", "description": "Rows."}
    files = {"name": "files", "source_name": "lake", "description": "Files."}
    manifest.write_text(json.dumps({"sources": {"cvat_events": lake, "files": files}}))
    pulls = define_cvat_clickhouse({URL: server.url})
    events(server, f"{DAY} 08:00:00", 5, 1000)
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.materialize(
            [*pulls, define_landing(manifest, pulls)],
            instance=instance,
            resources={"home": home, "reporter": Reporter()},
            run_config={"ops": {"cvat_clickhouse": {"config": {"slice_rows": 3}}}},
        )
    assert run.success
    done = [event.step_key for event in run.all_events if event.is_step_success]
    assert done == ["cvat_clickhouse", "landing"]
    (made,) = run.asset_materializations_for_node("cvat_clickhouse")
    told = {name: value.value for name, value in made.metadata.items()}
    assert told == {"rows": 5, "slices": 2, "quarantined": 0}
    checked = {check.check_name: check.passed for check in run.get_asset_check_evaluations()}
    assert checked == {"it_was_read_to_the_end": True, "every_file_was_accepted": True}
    assert [number for _, number in landed(home)] == list(range(5))


def test_a_refresh_goes_on_while_the_server_is_silent(
    server: ClickHouse, home: Home, small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, server.url)
    monkeypatch.setenv("CVAT_CLICKHOUSE_PASSWORD", "hunter2")
    write_csv(home.inbox / "export.csv", csv_line(8, 9))
    done = small(home.root, "refresh")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "it refuses the user and the password" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    with duckdb.connect(str(home.published_file), read_only=True) as readers:
        assert readers.execute("select user_id from core.fct_events").fetchall() == [(8,)]
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        (run,) = instance.get_runs()
        logged = [record.dagster_event for record in instance.all_logs(run.run_id)]
    checks = [
        event.asset_check_evaluation_data
        for event in logged
        if event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    (read,) = [check for check in checks if check.check_name == "it_was_read_to_the_end"]
    assert not read.passed
    assert "it refuses the user and the password" in read.metadata["why"].value


def test_the_schedule_asks_the_server_for_news(
    server: ClickHouse, home: Home, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    (schedule,) = [each for each in define_schedules(home) if each.name == "every_15_minutes"]

    def asked_runs() -> int:
        with dg.build_schedule_context() as context:
            return len(schedule.evaluate_tick(context).run_requests)

    events(server, f"{DAY} 08:00:00", 3, 1000)
    assert asked_runs() == 0
    monkeypatch.setenv(URL, server.url)
    assert asked_runs() == 1
    monkeypatch.setenv("CVAT_CLICKHOUSE_PASSWORD", "hunter2")
    # The run says why it cannot.
    assert asked_runs() == 1
