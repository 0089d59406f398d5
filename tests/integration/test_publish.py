"""Publishing: all or nothing, whoever reads, whatever lies around."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from checkouts import runner

from orchestration.build.record import BuildRecord, read_record, write_record
from orchestration.cli import main
from orchestration.errors import WarehouseError
from orchestration.home import PROJECT, Home
from orchestration.publish import is_published, publish, read_publication
from orchestration.publish.rollback import roll_back

warehouse = runner(PROJECT)


def build(home: Home, number: int, rows: int = 1) -> None:
    """Put a build file and its record into the home, as a successful build leaves them."""
    home.root.mkdir(exist_ok=True)
    with duckdb.connect(str(home.build_file)) as file:
        for schema in ("staging", "intermediate", "core", "measures", "measures_day"):
            file.execute(f"create schema if not exists {schema}")
        file.execute(f"create or replace table staging.stg_events as select {number} as number")
        file.execute(
            "create or replace table core.fct_events as"
            f" select {number} as number, hash(i) as noise from range({rows}) as rows(i)"
        )
        file.execute(
            "create or replace view measures.active_users as select number from core.fct_events"
        )
        file.execute(
            "create or replace view measures_day.active_users as"
            " select number from measures.active_users"
        )
    write_record(
        home,
        BuildRecord(
            build_id=f"build-{number}",
            fingerprint=f"{number}",
            started_at="2026-01-05T09:00:00+00:00",
            finished_at="2026-01-05T09:00:07+00:00",
            loads=["a"],
            variables={},
            data_through={"cvat_events": "2026-01-05 08:00:00.250000", "platform_samples": None},
        ),
    )


def number_in(reader: duckdb.DuckDBPyConnection) -> int:
    row = reader.execute("select number from measures_day.active_users").fetchone()
    assert row
    return row[0]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_readers_get_the_published_schemas_and_nothing_else(home: Home) -> None:
    build(home, 1)
    publish(home)
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        schemas = {
            name
            for (name,) in reader.execute(
                "select schema_name from duckdb_schemas() where not internal"
                " and database_name = current_database()"
            ).fetchall()
        }
        assert number_in(reader) == 1
    assert schemas - {"main"} == {"core", "measures", "measures_day", "quality"}


def on_disk(file: Path) -> int:
    return 512 * file.stat().st_blocks


def large_build(home: Home, *statements: str) -> dict[str, list]:
    """Build 10 MB of staging and 5 MB of facts, with free blocks; return the facts' rows."""
    build(home, 1)
    with duckdb.connect(str(home.build_file)) as file:
        for table, rows in (
            ("staging.stg_noise", 600_000),
            ("core.dim_gone", 300_000),
            ("staging.stg_more_noise", 600_000),
            ("core.fct_noise", 600_000),
        ):
            file.execute(
                f"create table {table} as select hash(i, '{table}') as noise,"
                " case when i % 5000 = 0 then repeat(md5(i::varchar), 300) end as long_text"
                f" from range({rows}) as rows(i)"
            )
            file.execute("checkpoint")
        file.execute("drop table core.dim_gone")
        file.execute("delete from core.fct_noise where noise % 7 = 0")
        for statement in statements:
            file.execute(statement)
    return facts(home.build_file)


def facts(file: Path) -> dict[str, list]:
    """Return sums over all columns of the facts, in the order in which their rows lie."""
    with duckdb.connect(str(file), read_only=True) as reader:
        tables = reader.execute(
            "select table_name from duckdb_tables() where schema_name = 'core' order by 1"
        ).fetchall()
        return {
            table: reader.execute(
                "select count(*), md5(string_agg(row_text, '' order by place)) from"
                f" (select hash(t)::varchar as row_text, rowid as place from core.{table} as t)"
            ).fetchall()
            for (table,) in tables
        }


def test_what_readers_do_not_see_takes_no_room(home: Home) -> None:
    rows = large_build(home)
    publish(home)
    assert facts(home.published_file) == rows
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        size, used, free = reader.execute(
            "select block_size, used_blocks, free_blocks from pragma_database_size()"
        ).fetchone()
    assert free > 40
    assert on_disk(home.published_file) <= (used + 4) * size
    build(home, 2)
    publish(home)
    roll_back(home)
    assert facts(home.published_file) == rows
    assert on_disk(home.published_file) <= (used + 4) * size


def test_a_build_with_an_index_is_published_whole(home: Home) -> None:
    rows = large_build(home, "create index noises on core.fct_noise (noise)")
    publish(home)
    assert facts(home.published_file) == rows
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        (noise,) = reader.execute("select max(noise) from core.fct_noise").fetchone()
        found = reader.execute(
            "select count(*) from core.fct_noise where noise = ?", [noise]
        ).fetchone()
    assert found == (1,)


def test_the_publication_says_what_it_holds(home: Home) -> None:
    build(home, 1)
    publish(home)
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        rows = reader.execute(
            "select build_id, cast(data_through as varchar),"
            " cast(cvat_events_through as varchar), platform_samples_through,"
            " published_at from quality.publication"
        ).fetchall()
    ((*said, published_at),) = rows
    assert said == ["build-1", "2026-01-05 08:00:00.25", "2026-01-05 08:00:00.25", None]
    age = datetime.now(UTC) - published_at.replace(tzinfo=UTC)
    assert timedelta(0) <= age < timedelta(minutes=5)


def test_nobody_can_write_into_what_is_published(home: Home) -> None:
    build(home, 1)
    publish(home)
    assert stat.S_IMODE(home.published_file.stat().st_mode) == 0o444


def test_an_open_reader_keeps_its_state_and_a_new_one_sees_the_new(home: Home) -> None:
    build(home, 1)
    publish(home)
    with duckdb.connect(str(home.published_file), read_only=True) as old:
        assert number_in(old) == 1
        build(home, 2)
        publish(home)
        assert number_in(old) == 1
    with duckdb.connect(str(home.published_file), read_only=True) as new:
        assert number_in(new) == 2


def test_the_file_opens_under_any_name(home: Home) -> None:
    build(home, 1)
    publish(home)
    with duckdb.connect() as reader:
        reader.execute(f"attach '{home.published_file}' as anything (read_only)")
        reader.execute("use anything")
        assert number_in(reader) == 1


def test_publishing_the_same_build_again_changes_nothing(home: Home) -> None:
    build(home, 1)
    first = publish(home)
    before = home.published_file.stat()
    assert publish(home) == first
    assert home.published_file.stat().st_mtime_ns == before.st_mtime_ns
    assert home.published_file.stat().st_ino == before.st_ino


def test_a_stray_wal_is_not_replayed_into_the_new_state(home: Home) -> None:
    build(home, 1)
    publish(home)
    wal = home.published_file.with_name("warehouse.duckdb.wal")
    wal.write_bytes(b"left by somebody who opened the file for writing")
    build(home, 2)
    publish(home)
    assert not wal.exists()
    (aside,) = wal.parent.glob("warehouse.duckdb.wal.*.aside")
    assert aside.read_bytes() == b"left by somebody who opened the file for writing"
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        assert number_in(reader) == 2


def test_a_killed_publication_leaves_no_trace(home: Home) -> None:
    build(home, 1)
    publish(home)
    unfinished = home.published_file.parent / ".incoming-build-2.duckdb"
    unfinished.write_bytes(b"half a file")
    build(home, 2)
    publish(home)
    assert list(home.published_file.parent.glob(".incoming-*")) == []
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        assert number_in(reader) == 2


def test_earlier_states_stay_to_go_back_to_but_not_for_ever(home: Home) -> None:
    for number in range(1, 7):
        build(home, number)
        publish(home)
    kept = sorted((home.published_file.parent / "history").glob("*.duckdb"))
    assert [path.stem for path in kept] == ["build-3", "build-4", "build-5"]
    with duckdb.connect(str(kept[0]), read_only=True) as reader:
        assert number_in(reader) == 3


def test_a_view_that_readers_could_not_read_stops_the_publication(home: Home) -> None:
    build(home, 1)
    publish(home)
    build(home, 2)
    with duckdb.connect(str(home.build_file)) as file:
        file.execute("create table staging.gone as select 1 as number")
        file.execute("create view measures.broken as select * from staging.gone")
        file.execute("drop table staging.gone")
    with pytest.raises(WarehouseError, match=r"measures\.broken: "):
        publish(home)
    state = read_publication(home)
    assert state
    assert state.build_id == "build-1"
    assert list(home.published_file.parent.glob(".incoming-*")) == []


def test_without_a_successful_build_there_is_nothing_to_publish(home: Home) -> None:
    with pytest.raises(WarehouseError, match="nothing is built"):
        publish(home)
    build(home, 1)
    home.build_record.unlink()
    with pytest.raises(WarehouseError, match="did not succeed"):
        publish(home)
    assert not home.published_file.exists()


def seen(home: Home) -> tuple[str, str | None, int]:
    """Return the build and what it was rolled back from, as readers find them, and a number."""
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        row = reader.execute(
            "select build_id, rolled_back_from from quality.publication"
        ).fetchone()
        assert row
        return *row, number_in(reader)


def published_builds(home: Home, *numbers: int) -> None:
    for number in numbers:
        build(home, number)
        publish(home)


def test_going_back_gives_readers_the_state_before_and_then_the_one_before_that(
    home: Home,
) -> None:
    published_builds(home, 1, 2, 3)
    assert seen(home) == ("build-3", None, 3)
    first = roll_back(home)
    assert seen(home) == ("build-2", "build-3", 2)
    assert first.published_at > datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=5)
    roll_back(home)
    assert seen(home) == ("build-1", "build-3", 1)
    assert stat.S_IMODE(home.published_file.stat().st_mode) == 0o444
    with pytest.raises(WarehouseError, match="No state from before build build-1 is kept"):
        roll_back(home)
    assert seen(home) == ("build-1", "build-3", 1)


def test_a_named_state_can_be_an_older_or_the_newest_one(home: Home) -> None:
    published_builds(home, 1, 2, 3)
    roll_back(home, "build-1")
    assert seen(home) == ("build-1", "build-3", 1)
    roll_back(home, "build-2")
    assert seen(home) == ("build-2", "build-3", 2)
    with pytest.raises(WarehouseError, match="Readers see build build-2 already"):
        roll_back(home, "build-2")
    with pytest.raises(WarehouseError, match=r"build-9 is kept\. There is: build-3, build-2"):
        roll_back(home, "build-9")
    roll_back(home, "build-3")
    assert seen(home) == ("build-3", None, 3)


def test_a_rolled_back_build_stays_away_until_a_new_one_is_published(home: Home) -> None:
    published_builds(home, 1, 2)
    roll_back(home)
    record = read_record(home)
    assert record
    # Else the schedule would publish it again.
    assert is_published(home, record)
    with pytest.raises(WarehouseError, match="build build-2 was rolled back"):
        publish(home)
    assert seen(home) == ("build-1", "build-2", 1)
    build(home, 3)
    publish(home)
    assert seen(home) == ("build-3", None, 3)
    roll_back(home)
    assert seen(home) == ("build-2", "build-3", 2)


def test_a_kept_state_that_is_broken_is_not_given_to_readers(home: Home) -> None:
    published_builds(home, 1, 2, 3)
    history = home.published_file.parent / "history"
    (history / "build-2.duckdb").unlink()
    (history / "build-2.duckdb").write_bytes(b"no database")
    shutil.copyfile(history / "build-1.duckdb", history / "build-0.duckdb")
    with pytest.raises(WarehouseError, match="could not be made"):
        roll_back(home)
    with pytest.raises(WarehouseError, match="kept as build-0 is of another build"):
        roll_back(home, "build-0")
    assert seen(home) == ("build-3", None, 3)
    assert list(home.published_file.parent.glob(".incoming-*")) == []


@pytest.mark.parametrize(("said", "kept"), [("0", []), ("1", [3]), ("9", [1, 2, 3])])
def test_how_many_states_are_kept_is_a_setting(
    home: Home, monkeypatch: pytest.MonkeyPatch, said: str, kept: list[int]
) -> None:
    monkeypatch.setenv("WAREHOUSE_KEPT_STATES", said)
    published_builds(home, 1, 2, 3, 4)
    history = (home.published_file.parent / "history").glob("*.duckdb")
    assert sorted(path.stem for path in history) == [f"build-{number}" for number in kept]


def test_a_setting_that_is_no_number_is_refused_before_anything_changes(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_builds(home, 1)
    build(home, 2)
    monkeypatch.setenv("WAREHOUSE_KEPT_STATES", "-1")
    with pytest.raises(WarehouseError, match="WAREHOUSE_KEPT_STATES is '-1'"):
        publish(home)
    assert seen(home) == ("build-1", None, 1)


def test_the_commands_of_going_back(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["publish", "--list"]) == 0
    assert capsys.readouterr().out == "Nothing is published. Run: warehouse publish\n"
    published_builds(home, 1, 2)
    assert main(["publish", "--rollback"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Readers see build build-1 again")
    assert said.endswith("Rolled back from build build-2; the next new build ends it.\n")
    assert main(["publish", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [(line.split()[0], line.split("  ")[-1]) for line in listed[1:]] == [
        ("build-2", "rolled back"),
        ("build-1", "readers see it"),
    ]
    assert main(["status"]) == 0
    assert "rolled back from build build-2, until the next build" in capsys.readouterr().out
    assert main(["publish"]) == 1
    assert "warehouse publish --rollback build-2" in capsys.readouterr().err
    assert main(["publish", "--rollback"]) == 1
    assert capsys.readouterr().err.startswith("No state from before build build-1 is kept")
    assert main(["publish", "--rollback", "build-2"]) == 0
    assert seen(home) == ("build-2", None, 2)


READER = """
import sys, duckdb
file, stop = sys.argv[1], sys.argv[2]
import pathlib
seen, batches = [], 0
while True:
    last = pathlib.Path(stop).exists()
    with duckdb.connect(file, read_only=True) as reader:
        found = set()
        for _ in range(5):
            (build,) = reader.execute("select build_id from quality.publication").fetchone()
            (fact,) = reader.execute("select max(number) from core.fct_events").fetchone()
            (mart,) = reader.execute("select min(number) from measures_day.active_users").fetchone()
            found.add((build, f"build-{fact}", f"build-{mart}"))
    (state,) = found
    assert len(set(state)) == 1, state
    if state[0] not in seen:
        seen.append(state[0])
        print(state[0], flush=True)
    batches += 1
    if last:
        break
"""


def test_readers_never_see_an_error_or_a_mixed_state(home: Home, tmp_path: Path) -> None:
    published_builds(home, 10)
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(home.published_file), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "build-10\n"
        for number in range(11, 21):
            build(home, number, rows=20_000)
            publish(home)
            time.sleep(0.1)
    finally:
        stop.touch()
        said = [reader.communicate(timeout=60) for reader in readers]
    for reader, (out, err) in zip(readers, said, strict=True):
        assert (reader.returncode, err) == (0, "")
        builds = out.split()
        assert builds == sorted(builds)
        assert builds[-1] == "build-20"
        assert len(builds) >= 3


def publishing(home: Home) -> subprocess.Popen:
    """Start `warehouse publish` and return when its copy is being made, or it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration", "publish"],
        cwd=PROJECT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not incoming(home):
        time.sleep(0.001)
    return process


def incoming(home: Home) -> list[Path]:
    return list(home.published_file.parent.glob("**/.incoming-*"))


def test_a_kill_at_any_moment_leaves_one_whole_state(home: Home) -> None:
    published_builds(home, 10)
    build(home, 11, rows=2_000_000)
    process = publishing(home)
    started = time.monotonic()
    assert process.wait(timeout=60) == 0
    takes_s = time.monotonic() - started
    moments = random.Random(7)
    leftovers = 0
    for number, moment in enumerate([0, *(moments.uniform(0, 1.2) for _ in range(5))], start=12):
        before, *_ = seen(home)
        build(home, number, rows=2_000_000)
        process = publishing(home)
        time.sleep(takes_s * moment)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        build_id, rolled_back_from, held = seen(home)
        assert (build_id, rolled_back_from) == (f"build-{held}", None)
        assert build_id in (before, f"build-{number}")
        leftovers += len(incoming(home))
    assert leftovers
    build(home, 18)
    assert warehouse(home.root, "publish").returncode == 0
    assert seen(home) == ("build-18", None, 18)
    assert incoming(home) == []
    for kept in (home.published_file.parent / "history").glob("*.duckdb"):
        with duckdb.connect(str(kept), read_only=True) as reader:
            row = reader.execute("select build_id from quality.publication").fetchone()
            assert row == (kept.stem,)
            assert f"build-{number_in(reader)}" == kept.stem


def test_a_file_that_may_not_grow_so_large_is_one_line(home: Home) -> None:
    """What a full disk or a quota does, without a disk to fill."""
    published_builds(home, 1)
    build(home, 2, rows=500_000)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    result = subprocess.run(
        [sys.executable, "-m", "orchestration", "publish"],
        cwd=PROJECT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        preexec_fn=small_files,
        capture_output=True,
        text=True,
        timeout=60,
    )
    folder = home.published_file.parent
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"Not published: {folder}: File too large. Readers see build build-1 still.\n",
    )
    assert seen(home) == ("build-1", None, 1)
    assert list(folder.glob("**/.incoming-*")) == []


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """A disk of 4 MB where the published files lie."""
    folder = home.published_file.parent
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_line_and_readers_keep_what_they_had(
    home: Home, small_disk: Path
) -> None:
    published_builds(home, 1)
    build(home, 2, rows=1_000_000)
    result = warehouse(home.root, "publish")
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"Not published: {small_disk}: No space left on device. Readers see build build-1 still.\n",
    )
    assert seen(home) == ("build-1", None, 1)
    assert list(small_disk.glob("**/.incoming-*")) == []
    build(home, 3)
    # Space is there again once the large table is gone from the file.
    home.build_file.unlink()
    build(home, 3)
    assert warehouse(home.root, "publish").returncode == 0
    assert seen(home) == ("build-3", None, 3)


def test_a_folder_that_may_not_be_written_is_one_line(home: Home, small_disk: Path) -> None:
    published_builds(home, 1, 2)
    build(home, 3)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for command in (("publish",), ("publish", "--rollback")):
        result = warehouse(home.root, *command)
        assert (result.returncode, result.stdout, result.stderr) == (
            1,
            "",
            f"Not published: {small_disk}: Read-only file system."
            " Readers see build build-2 still.\n",
        )
    assert seen(home) == ("build-2", None, 2)


def test_a_refresh_publishes_every_schema_of_the_readers(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        schemas = {
            name
            for (name,) in reader.execute(
                "select distinct table_schema from information_schema.tables"
            ).fetchall()
        }
        read_by_views = {
            name
            for (name,) in reader.execute(
                "select table_name from information_schema.tables"
                " where table_schema in ('staging', 'intermediate')"
            ).fetchall()
        }
        events = reader.execute("select count(*) from core.fct_events").fetchone()
    assert {"core", "rollups", "measures", "measures_day", "quality"} <= schemas
    assert read_by_views >= {"stg_cvat__event_copies", "stg_platform__sample_copies"}
    assert not read_by_views & {"loads_built", "stg_touched_days", "stg_cvat__batch_copies"}
    assert events
    assert events[0] > 1000
