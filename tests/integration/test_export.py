"""Exports: CVAT's CSV byte for byte, back into an empty warehouse; and any relation."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from checkouts import HEADER, runner

from orchestration.cli import main
from orchestration.commands.export_events import read_time
from orchestration.demo import write_demo
from orchestration.errors import UsageError, WarehouseError
from orchestration.export import EventFilter, csv_of_events, opened, to_file
from orchestration.home import PROJECT, Home
from tests.conftest import built
from tests.law.compare import differences
from tests.oracle.compare import LOG

HOSTILE = [
    "plain",
    "a,b",
    'he said "no"',
    '"',
    "two\nlines",
    "two\r\nlines",
    "a return\rin it",
    " led by a space",
    "ended by one ",
    ' "spaced quotes" ',
    "tab\tand; semicolon",
    "NULL",
    "None",
    "\\N",
    "a\\b\\",
    "'single'",
    "#1",
    "=1+1",
    "Борис 名前 👩‍🎨",
    "line\u2028separator \u0085 next line",
    "a nul \0 byte",
]
"""Texts that an export can get wrong."""

STRANGER = 900
"""The user of the events that hold them."""

SECOND = 1_767_603_600
"""2026-01-05 09:00:00 UTC, when the first of them happened."""


def hostile_lines() -> list[str]:
    """Return the events as JSON lines of CVAT's server, 250 ms apart: every fourth has no
    fraction."""
    return [
        json.dumps(
            {
                "scope": "update:job",
                "obj_name": text,
                "obj_val": text,
                "source": "server",
                "timestamp": f"{SECOND + number * 0.25:.6f}",
                "user_id": STRANGER,
                "job_id": number,
                "payload": json.dumps({"old_value": text}, ensure_ascii=False),
            }
        )
        for number, text in enumerate(HOSTILE)
    ]


def hostile_csv() -> bytes:
    """Return the same events as Python's csv module writes them, which CVAT uses."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER.split(","))
    for number, value in enumerate(HOSTILE):
        seconds, quarter = divmod(number, 4)
        fraction = ["", ".250000", ".500000", ".750000"][quarter]
        at = f"2026-01-05 09:00:{seconds:02d}{fraction}+00:00"
        payload = json.dumps({"old_value": value}, ensure_ascii=False)
        ids = [None, None, number, STRANGER]
        row = ["update:job", value, None, value, "server", at, None, 0, *ids]
        writer.writerow([*row, None, None, None, None, payload, None])
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CVAT's events alone: of a demo, of the oddities, and hostile ones."""
    folder = tmp_path_factory.mktemp("log")
    write_demo(folder / "demo", events=3000, days=8, users=6, seed=1)
    for name in ("client_batches", "platform"):
        for path in (folder / "demo" / name).iterdir():
            path.unlink()
    for name in ("cvat_export.csv", "cvat_export_old.csv", "cvat_vector.jsonl"):
        (folder / name).write_bytes((LOG / name).read_bytes())
    (folder / "hostile.jsonl").write_text("\n".join(hostile_lines()) + "\n", encoding="utf-8")
    return folder


def built_from(*paths: Path, home: Path) -> Home:
    return built(Home(home), *paths)


@pytest.fixture(scope="module")
def home(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return built_from(log, home=tmp_path_factory.mktemp("home"))


def export(home: Home, *, exceptions: bool = False, **chosen) -> bytes:
    with opened(home.build_file) as warehouse:
        return b"".join(csv_of_events(warehouse, EventFilter(**chosen), exceptions=exceptions))


@pytest.fixture(scope="module")
def exported(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything, exceptions too."""
    path = tmp_path_factory.mktemp("exported") / "events.csv"
    path.write_bytes(export(home, exceptions=True))
    return path


@pytest.fixture(scope="module")
def second(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of an empty warehouse into which the export landed."""
    return built_from(exported, home=tmp_path_factory.mktemp("second"))


def records(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True))


# CVAT's CSV


def test_hostile_texts_are_quoted_as_cvat_does(home: Home) -> None:
    assert export(home, user_id=str(STRANGER)) == hostile_csv()


@pytest.mark.parametrize("days", ["2026-10-26_2026-10-27.csv", "2026-10-28_2026-10-30.csv.gz"])
def test_an_export_of_cvat_comes_out_as_it_went_in(home: Home, log: Path, days: str) -> None:
    name = f"events_{days}"
    unpack = gzip.decompress if name.endswith(".gz") else bytes
    first, last = days.split(".")[0].split("_")
    found = export(
        home,
        first_at=read_time(first, "--from"),
        last_at=read_time(last, "--to", whole_day=True),
    )
    landed = unpack((log / "demo" / "cvat" / name).read_bytes())
    if name.endswith(".gz"):
        # These days came as JSON lines too: of one millisecond, another file's order may count.
        assert sorted(found.splitlines()) == sorted(landed.splitlines())
    else:
        assert found == landed


def test_exceptions_are_left_out_unless_asked_for(home: Home, exported: Path) -> None:
    everything = records(exported.read_bytes())
    assert sum(row["scope"] == "send:exception" for row in everything) > 0
    assert records(export(home)) == [row for row in everything if row["scope"] != "send:exception"]


def test_times_are_included_to_the_millisecond(home: Home) -> None:
    def jobs(first: datetime, last: datetime) -> list[str]:
        found = export(home, user_id=str(STRANGER), first_at=first, last_at=last)
        return [row["job_id"] for row in records(found)]

    nine = datetime(2026, 1, 5, 9)
    assert jobs(nine, nine) == ["0"]
    assert jobs(nine.replace(microsecond=250_000), nine.replace(second=1)) == ["1", "2", "3", "4"]
    assert jobs(nine.replace(microsecond=251_000), nine.replace(microsecond=499_000)) == []


@pytest.mark.parametrize("column", ["org_id", "project_id", "task_id", "job_id", "user_id"])
def test_ids_choose_events(home: Home, exported: Path, column: str) -> None:
    everything = [r for r in records(exported.read_bytes()) if r["scope"] != "send:exception"]
    chosen = next(row[column] for row in everything if row[column])
    wanted = [row for row in everything if row[column] == chosen]
    assert 0 < len(wanted) < len(everything)
    assert records(export(home, **{column: chosen})) == wanted


def test_nothing_chosen_is_a_header(home: Home) -> None:
    assert export(home, user_id="4711") == f"{HEADER}\r\n".encode()


# Back into a warehouse


def test_the_export_of_an_export_is_the_same_bytes(second: Home, exported: Path) -> None:
    assert export(second, exceptions=True) == exported.read_bytes()


def test_a_warehouse_of_the_export_holds_the_same_marts(home: Home, second: Home) -> None:
    marts = ("core.", "rollups.", "measures.", "reports.")
    assert [d for d in differences(home.build_file, second.build_file) if d.startswith(marts)] == []


# The commands


@pytest.mark.parametrize(
    ("text", "whole_day", "at"),
    [
        ("2026-01-31", False, "2026-01-31 00:00:00"),
        ("2026-01-31", True, "2026-01-31 23:59:59.999999"),
        ("2026-01-31T08:00:00.5", True, "2026-01-31 08:00:00.500000"),
        ("2026-01-31 00:00", True, "2026-01-31 00:00:00"),
        ("2026-01-31T00:30:00+01:00", False, "2026-01-30 23:30:00"),
        ("2026-01-31T00:30:00Z", False, "2026-01-31 00:30:00"),
    ],
)
def test_times_are_read_as_utc(text: str, whole_day: bool, at: str) -> None:
    assert read_time(text, "--from", whole_day=whole_day) == datetime.fromisoformat(at)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30"])
def test_what_is_no_time_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--to is '.*'; it must be a day or a time"):
        read_time(text, "--to", whole_day=True)


def warehouse(home: Home, *arguments: str) -> subprocess.CompletedProcess:
    return runner(PROJECT)(home.root, *arguments)


def start(home: Home, *arguments: str, **streams) -> subprocess.Popen:
    """Start a command whose output is no text, or goes elsewhere."""
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration", *arguments],
        cwd=PROJECT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        **streams,
    )


def test_events_are_exported_out_of_what_readers_see(
    refreshed: tuple[Home, str], tmp_path: Path
) -> None:
    home, _ = refreshed
    out = tmp_path / "events.csv"
    out.write_text("old")
    days = ("--from", "2026-10-26", "--to", "2026-10-27")
    done = warehouse(home, "export-events", *days, "--out", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (landed,) = home.inbox.rglob("events_2026-10-26_2026-10-27.csv")
    assert out.read_bytes() == landed.read_bytes()
    assert list(tmp_path.iterdir()) == [out]


def test_a_relation_is_exported_in_each_format(refreshed: tuple[Home, str], tmp_path: Path) -> None:
    home, _ = refreshed
    where = "duration_ms > 0"
    with duckdb.connect(str(home.published_file), read_only=True) as readers:
        query = f"from core.fct_activity where {where} order by all"
        wanted = readers.execute(query).fetchall()
        kinds = readers.execute(f"describe {query}").fetchall()
    assert len(wanted) > 100
    for suffix in ("csv", "parquet", "json"):
        out = tmp_path / f"activity.{suffix}"
        done = warehouse(home, "export", "core.fct_activity", "--where", where, "--out", str(out))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        types = {name: kind for name, kind, *_ in kinds}
        read = {
            "csv": f"read_csv('{out}', header = true, columns = {types})",
            "parquet": f"read_parquet('{out}')",
            "json": f"read_json('{out}', columns = {types})",
        }
        assert duckdb.execute(f"from {read[suffix]}").fetchall() == wanted, suffix
    parquet = ("--where", where, "--format", "parquet")
    piped = start(home, "export", "core.fct_activity", *parquet, stdout=subprocess.PIPE)
    assert piped.communicate(timeout=60)[0] == (tmp_path / "activity.parquet").read_bytes()


def test_a_reader_that_has_had_enough_is_no_failure(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    for command in ("export-events", "export core.fct_events"):
        process = start(home, *command.split(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_what_the_shell_appends_to_is_kept(refreshed: tuple[Home, str], tmp_path: Path) -> None:
    home, _ = refreshed
    out = tmp_path / "appended.csv"
    out.write_text("before\n")
    with out.open("a") as file:
        assert start(home, "export", "core.dim_users", stdout=file).wait(60) == 0
    lines = out.read_text().splitlines()
    assert lines[:2] == [
        "before",
        "user_id,user_name,user_email,first_event_at,last_event_at,deleted_at",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export-events", "--from", "2026-01-02", "--to", "2026-01-01"], "which is after --to"),
        (["export-events", "--from", "soon"], "--from is 'soon'; it must be a day or a time"),
        (["export", "measure.active_users"], "Did you mean measures.active_users or "),
        (["export", "core.fct_event"], "Did you mean core.fct_events"),
        (["export", "users"], "There is no relation 'users' in it."),
        (["export", "core.dim_users", "--where", "x ="], "--where 'x =' cannot be asked of"),
        (["export", "core.dim_users", "--out", "."], "--out . is there and is not a file"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    arguments: list[str],
    said: str,
    refreshed: tuple[Home, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(refreshed[0].root))
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_nothing_published_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    for command in (["export-events"], ["export", "core.dim_users"]):
        assert main(command) == 1
        assert capsys.readouterr().err.endswith("Run: warehouse publish\n")


def test_a_failed_export_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    with pytest.raises(WarehouseError), to_file(out) as unfinished:  # noqa: PT012
        unfinished.write_text("half")
        raise WarehouseError("the disk is full")
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
