"""Readers of the published file, each by its own driver, while new states are published."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import adbc_driver_duckdb
import duckdb
import pandas as pd
import pytest
import sqlalchemy
from adbc_driver_manager import dbapi
from checkouts import runner
from sqlalchemy.pool import NullPool, QueuePool

from orchestration.build.record import BuildRecord, write_record
from orchestration.home import PROJECT, Home
from tests.doc_pages import ROOT, blocks

PUBLISHED = "select build_id from quality.publication"

USERS = "select user_id, event_count from measures_day.active_users order by all"
"""A view over views over a table."""

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def home(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose build file is that of the log of oddities."""
    home = Home(tmp_path_factory.mktemp("read"))
    shutil.copyfile(oddities_home.build_file, home.build_file)
    return home


@pytest.fixture
def publish_next(home: Home) -> Callable[[], str]:
    """Publish the build under a new name, as the next build would be, and return the name."""

    def publish_once() -> str:
        now = "2026-01-05T09:00:00+00:00"
        record = BuildRecord(f"build-{next(numbers)}", "", now, now, [], {}, {})
        write_record(home, record)
        # By another process, as in real life: those of this one share what they have open.
        done = runner(PROJECT)(home.root, "publish")
        assert done.returncode == 0, done.stderr
        return record.build_id

    return publish_once


@pytest.fixture
def file(home: Home, publish_next: Callable[[], str]) -> Path:
    if not home.published_file.exists():
        publish_next()
    return home.published_file


@pytest.fixture
def users(file: Path) -> list[tuple]:
    """What a reader is to see of the measure."""
    with duckdb.connect(str(file), read_only=True) as readers:
        found = readers.execute(USERS).fetchall()
    assert len(found) > 10
    return found


# SQLAlchemy


def engine_of(file: Path, pool: type[sqlalchemy.Pool]) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(
        f"duckdb:///{file}", connect_args={"read_only": True}, poolclass=pool
    )


def asked(engine: sqlalchemy.Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text(PUBLISHED)).scalar_one()


def test_sqlalchemy_reads_views_and_cannot_write(file: Path, users: list[tuple]) -> None:
    engine = engine_of(file, NullPool)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text(USERS)).fetchall() == users
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            connection.execute(sqlalchemy.text("delete from core.dim_users"))


def test_sqlalchemy_lists_what_there_is(file: Path) -> None:
    inspector = sqlalchemy.inspect(engine_of(file, NullPool))
    assert "warehouse.measures_day" in inspector.get_schema_names()
    assert "dim_users" in inspector.get_table_names(schema="core")
    assert "active_users" in inspector.get_view_names(schema="measures_day")


def test_sqlalchemy_reflects_columns(file: Path) -> None:
    table = sqlalchemy.Table(
        "dim_users",
        sqlalchemy.MetaData(),
        schema="core",
        autoload_with=engine_of(file, NullPool),
    )
    assert [column.name for column in table.columns][:2] == ["user_id", "user_name"]


def test_without_a_pool_a_new_publication_is_seen(
    file: Path, publish_next: Callable[[], str]
) -> None:
    engine = engine_of(file, NullPool)
    before = asked(engine)
    after = publish_next()
    assert before != after
    assert asked(engine) == after


def test_a_pool_keeps_the_old_state_until_it_is_disposed(
    file: Path, publish_next: Callable[[], str]
) -> None:
    engine = engine_of(file, QueuePool)
    before = asked(engine)
    after = publish_next()
    assert asked(engine) == before
    engine.dispose()
    assert asked(engine) == after
    engine.dispose()


def test_a_recycled_connection_sees_the_new_state(
    file: Path, publish_next: Callable[[], str]
) -> None:
    engine = sqlalchemy.create_engine(
        f"duckdb:///{file}", connect_args={"read_only": True}, pool_recycle=0
    )
    before = asked(engine)
    after = publish_next()
    assert (before != after, asked(engine)) == (True, after)
    engine.dispose()


def test_connections_of_one_process_share_a_state_while_one_is_open(
    file: Path, publish_next: Callable[[], str]
) -> None:
    engine = engine_of(file, NullPool)
    with engine.connect() as held:
        before = held.execute(sqlalchemy.text(PUBLISHED)).scalar_one()
        after = publish_next()
        assert asked(engine) == before
    assert asked(engine) == after


# pandas, over SQLAlchemy and over DuckDB itself


def test_pandas_reads_what_there_is(file: Path, users: list[tuple]) -> None:
    over_sqlalchemy = pd.read_sql(USERS, engine_of(file, NullPool))
    with duckdb.connect(str(file), read_only=True) as warehouse:
        over_duckdb = warehouse.sql(USERS).df()
    for frame in (over_sqlalchemy, over_duckdb):
        rows = list(frame.itertuples(index=False, name=None))
        assert [tuple(None if pd.isna(v) else v for v in row) for row in rows] == users


# ADBC


def adbc(file: Path) -> dbapi.Connection:
    return dbapi.connect(
        driver=adbc_driver_duckdb.driver_path(),
        entrypoint="duckdb_adbc_init",
        db_kwargs={"path": str(file), "access_mode": "read_only"},
        autocommit=True,
    )


def read(connection: dbapi.Connection, query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_adbc_reads_views_and_cannot_write(file: Path, users: list[tuple]) -> None:
    with adbc(file) as connection:
        assert read(connection, USERS) == users
        with pytest.raises(dbapi.ProgrammingError, match="read-only"):
            read(connection, "delete from core.dim_users")


def test_adbc_sees_a_new_publication_on_each_connection(
    file: Path, publish_next: Callable[[], str]
) -> None:
    with adbc(file) as old:
        before = read(old, PUBLISHED)
        after = publish_next()
        with adbc(file) as new:
            assert read(new, PUBLISHED) == [(after,)]
        assert read(old, PUBLISHED) == before


# DuckDB's command line


def test_the_command_line_reads_beside_a_publication(
    file: Path, users: list[tuple], publish_next: Callable[[], str]
) -> None:
    def typed(*queries: str) -> list[str]:
        command = [
            sys.executable,
            "-m",
            "duckdb_cli",
            "-readonly",
            "-csv",
            "-noheader",
            "-init",
            "/dev/null",
            str(file),
        ]
        done = subprocess.run(
            command, input="\n".join(f"{q};" for q in queries), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert len(typed(USERS)) == len(users)
    after = publish_next()
    assert typed(PUBLISHED) == [after]


# What the README shows


def test_the_snippets_of_the_readme_run(
    home: Home, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(home.root)
    monkeypatch.chdir(tmp_path)
    assert Path("data/published/warehouse.duckdb").resolve() == file.resolve()
    snippets = [block for block in blocks(ROOT / "README.md") if block.language == "python"]
    names: dict[str, object] = {}
    for snippet in snippets:
        exec(snippet.text, names)
    assert len(names["hours"]) > 10
    assert asked(names["engine"]).startswith("build-")
