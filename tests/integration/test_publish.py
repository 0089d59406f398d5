"""Publishing: all or nothing, whoever reads, whatever lies around."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.build.record import BuildRecord, write_record
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish import publish, read_publication


def build(home: Home, number: int) -> None:
    """Put a build file and its record into the home, as a successful build leaves them."""
    home.root.mkdir(exist_ok=True)
    with duckdb.connect(str(home.build_file)) as file:
        for schema in ("staging", "intermediate", "core", "measures", "measures_day"):
            file.execute(f"create schema if not exists {schema}")
        file.execute(f"create or replace table staging.stg_events as select {number} as number")
        file.execute(f"create or replace table core.fct_events as select {number} as number")
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
        file.execute("create view measures.broken as select * from staging.stg_events")
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


def test_a_refresh_publishes_every_schema_of_the_readers(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        schemas = {
            name
            for (name,) in reader.execute(
                "select distinct table_schema from information_schema.tables"
            ).fetchall()
        }
        events = reader.execute("select count(*) from core.fct_events").fetchone()
    assert {"core", "rollups", "measures", "measures_day", "quality"} <= schemas
    assert not {"staging", "intermediate"} & schemas
    assert events
    assert events[0] > 1000
