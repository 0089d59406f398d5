"""Event days that somebody names are rebuilt from the lake, and no others: terminal and Dagster.

The small project builds day by day, as the real one does: its facts are deleted and inserted for
the days that the build was given.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from checkouts import Run, runner, write_checkout, write_csv

from orchestration.assets.models import BuildConfig
from orchestration.build.record import read_record
from orchestration.cli import main
from orchestration.days import (
    Days,
    days_between,
    event_days,
    first_event_day,
    last_days,
)
from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home
from orchestration.house import define
from orchestration.landing import land
from orchestration.publish import read_publication

FIRST = date(2026, 1, 1)

LANDED = [FIRST + timedelta(days=n) for n in range(10) if n != 3]
"""The days of the log: ten, without the fourth."""

DAY_BY_DAY = """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='day') }}
{% set days = env_var('WAREHOUSE_REBUILD_DAYS', '2000-01-01/2000-01-01').split('/') %}
select user_id, scope, cast(event_at as date) as day, {{ var('mark') }} as mark
from {{ ref('stg_events') }}
{% if is_incremental() %}
where cast(event_at as date) between date '{{ days[0] }}' and date '{{ days[1] }}'
{% endif %}
"""


def log(path: Path) -> Path:
    """Write one event a day, by the user whose number is that of the day."""
    lines = [
        f"create:job,,1,,server,{day} 08:00:00.000000+00:00,,0,1,2,3,{day.day},ann,,,,,"
        for day in LANDED
    ]
    return write_csv(path, *lines)


@pytest.fixture
def landed(tmp_path: Path) -> Home:
    """A home into which the log has landed."""
    home = Home(tmp_path / "landed")
    land([log(tmp_path / "log.csv")], home)
    return home


# Which days are meant


NAMES = ("--from", "--to")


def test_the_days_of_the_lake(landed: Home, tmp_path: Path) -> None:
    assert event_days(landed) == LANDED
    assert first_event_day(landed) == FIRST
    assert last_days(landed, 7) == Days(date(2026, 1, 3), date(2026, 1, 10))
    assert last_days(landed, 99) == Days(FIRST, LANDED[-1])
    empty = Home(tmp_path / "empty")
    assert event_days(empty) == []
    assert first_event_day(empty) is None
    assert last_days(empty, 7) is None


def test_a_lake_that_cannot_be_read_is_named(landed: Home) -> None:
    (file,) = landed.lake.glob("2*/cvat_events.parquet")
    file.write_bytes(b"no parquet")
    with pytest.raises(WarehouseError, match="lake cannot be read: Invalid Input Error"):
        event_days(landed)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("", "", None),
        ("2026-01-02", "2026-01-04", "2026-01-02/2026-01-04"),
        ("2026-01-02", "2026-01-02", "2026-01-02/2026-01-02"),
        # Open: as far as the lake goes.
        ("2026-01-08", "", "2026-01-08/2026-01-10"),
        ("", "2026-01-02", "2026-01-01/2026-01-02"),
        # More than the lake holds is taken as it is said,
        ("2025-12-01", "2026-03-01", "2025-12-01/2026-03-01"),
        ("2026-01-31", "", "2026-01-31/2026-01-31"),
        ("", "2025-12-31", "2025-12-31/2025-12-31"),
        # but no further than an event can be.
        ("0001-01-01", "2026-01-02", "2000-01-01/2026-01-02"),
    ],
)
def test_an_open_end_is_where_the_lake_ends(
    landed: Home, first: str, last: str, expected: str | None
) -> None:
    days = days_between(landed, first, last, NAMES)
    assert (str(days) if days else None) == expected


def test_no_day_is_later_than_tomorrow(landed: Home) -> None:
    days = days_between(landed, "2026-01-02", "9999-12-31", NAMES)
    assert days
    assert timedelta(0) < days.last - datetime.now(UTC).date() <= timedelta(days=1)


def test_a_run_is_told_days_or_how_many_of_the_last(landed: Home) -> None:
    def ordered(**config: object) -> str:
        return str(BuildConfig(**config).order(landed).days)

    assert ordered() == "None"
    assert ordered(rebuild_last_days=7) == "2026-01-03/2026-01-10"
    assert ordered(rebuild_from="2026-01-09") == "2026-01-09/2026-01-10"
    assert ordered(rebuild_from="2026-01-02", rebuild_to="2026-01-03", rebuild_last_days=7) == (
        "2026-01-02/2026-01-03"
    )
    with pytest.raises(UsageError, match=r"^rebuild_to is 'soon'; it must be a day"):
        ordered(rebuild_to="soon")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2026-13-01"], "--from is '2026-13-01'; it must be a day, such as 2026-01-31"),
        (["--to", "yesterday"], "--to is 'yesterday'; it must be a day, such as 2026-01-31"),
        (["--from", "20260101"], "--from is '20260101'; it must be a day, such as 2026-01-31"),
        (
            ["--from", "2026-01-02", "--to", "2026-01-01"],
            "--from is 2026-01-02, which is after --to, 2026-01-01",
        ),
        (
            ["--full-refresh", "--to", "2026-01-01"],
            "--full-refresh rebuilds all days: leave out --from and --to",
        ),
    ],
)
def test_days_that_cannot_be_meant_end_with_2(
    landed: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(landed.root))
    assert main(["build", *arguments]) == 2
    assert capsys.readouterr().err == f"{said}\n"


# Rebuilding them


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, building day by day."""
    checkout = write_checkout(tmp_path_factory.mktemp("days") / "checkout")
    models = checkout / "models"
    (models / "marts/core/fct_events.sql").write_text(DAY_BY_DAY)
    (models / "staging/stg_events.sql").write_text(
        "{{ config(materialized='view') }}\n"
        "select *, \"timestamp\" as event_at from {{ source('lake', 'cvat_events') }}\n"
    )
    return checkout


@pytest.fixture(scope="module")
def small(checkout: Path) -> Run:
    """Run `warehouse` over it."""
    return runner(checkout)


@pytest.fixture(scope="module")
def fresh(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that was refreshed."""
    home = Home(tmp_path_factory.mktemp("fresh") / "home")
    log(home.inbox / "log.csv")
    refreshed = small(home.root, "refresh")
    assert refreshed.returncode == 0, refreshed.stderr
    return home


@pytest.fixture
def home(fresh: Home, tmp_path: Path) -> Home:
    """A copy of it whose build file was tampered with.

    Of the days from the 2nd to the 7th every row is gone; all others are marked.
    """
    home = Home(shutil.copytree(fresh.root, tmp_path / "home"))
    with duckdb.connect(str(home.build_file)) as file:
        file.execute("update core.fct_events set mark = 7")
        file.execute("delete from core.fct_events where day between '2026-01-02' and '2026-01-07'")
    return home


def marks(file: Path) -> dict[int, int]:
    """Return day of January -> mark of its row."""
    with duckdb.connect(str(file), read_only=True) as reader:
        rows = reader.execute("select day(day), mark from core.fct_events").fetchall()
    assert len(dict(rows)) == len(rows)
    return dict(rows)


MENDED = {1: 7, 2: 0, 3: 0, 5: 0, 6: 0, 7: 0, 8: 7, 9: 7, 10: 7}
"""From the lake again: the days from the 2nd to the 7th."""


def test_the_terminal_rebuilds_the_days_that_it_is_told(small: Run, home: Home) -> None:
    nothing = small(home.root, "build", "--from", "2026-02-01", "--to", "2026-02-28")
    assert nothing.returncode == 0
    assert nothing.stdout.splitlines() == [
        "No event day to rebuild from 2026-02-01 to 2026-02-28: the lake holds"
        " 2026-01-01 to 2026-01-10",
        f"Nothing changed since build {read_record(home).build_id}: nothing to do.",
    ]
    before = read_publication(home)
    rebuilt = small(home.root, "build", "--from", "2026-01-02", "--to", "2026-01-07")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert rebuilt.stdout.endswith(
        "Rebuilt 5 event days: 2026-01-02 to 2026-01-07\nNext: warehouse publish\n"
    )
    assert marks(home.build_file) == MENDED
    assert read_publication(home) == before
    assert marks(home.published_file) == dict.fromkeys(MENDED, 0)


def backfill(checkout: Path, home: Home, days: list[date]) -> None:
    """Ask for a backfill as the web interface does: by its GraphQL mutation."""
    mutation = """
        mutation ($params: LaunchBackfillParams!) {
            launchPartitionBackfill(backfillParams: $params) {
                __typename
                ... on PythonError { message }
            }
        }
    """
    params = {
        "assetSelection": [{"path": ["event_days"]}],
        "partitionNames": [f"{day}" for day in days],
        "fromFailure": False,
    }
    done = subprocess.run(
        [*beside("dagster-graphql"), "-t", mutation, "-v", json.dumps({"params": params})],
        cwd=checkout,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert '"LaunchBackfillSuccess"' in done.stdout, done.stdout + done.stderr


def beside(program: str) -> list[str]:
    """Return the start of a command line of Dagster's over this code."""
    start = [str(Path(sys.executable).with_name(program))]
    return [*start, *(["run"] if program == "dagster-daemon" else []), "-m", DEFINITIONS]


DEFINITIONS = "orchestration.definitions"


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, "WAREHOUSE_HOME": str(home.root), "DAGSTER_HOME": str(home.dagster)}


@pytest.fixture
def daemon(checkout: Path, home: Home) -> Iterator[Callable[[], None]]:
    """A function that starts Dagster's daemon over the home; it ends with the test."""
    started: list[subprocess.Popen] = []

    def start() -> None:
        started.append(
            subprocess.Popen(
                beside("dagster-daemon"),
                cwd=checkout,
                env=environment(home),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    yield start
    for process in started:
        process.terminate()
        process.wait(60)


def rebuilds(home: Home) -> list[dg.DagsterRun]:
    """Return the finished runs of a backfill, and wait for the first one."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
            runs = [run for run in instance.get_runs() if "dagster/backfill" in run.tags]
        if runs and all(run.is_finished for run in runs):
            return runs
        time.sleep(1)
    raise AssertionError("the backfill started no run, or the run does not end")


def test_six_days_picked_in_dagster_are_one_run_that_publishes(
    checkout: Path, home: Home, daemon: Callable[[], None]
) -> None:
    before = read_publication(home)
    backfill(checkout, home, [date(2026, 1, day) for day in range(2, 8)])
    daemon()
    (run,) = rebuilds(home)
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert marks(home.published_file) == marks(home.build_file) == MENDED
    after = read_publication(home)
    assert before
    assert after
    assert after.build_id != before.build_id
    assert after.build_id == read_record(home).build_id
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        done = instance.get_materialized_partitions(dg.AssetKey("event_days"))
        events = [record.dagster_event for record in instance.all_logs(run.run_id)]
    assert done == {f"2026-01-0{day}" for day in range(2, 8)}
    # The history of models and checks goes on.
    made = {e.asset_key.to_user_string() for e in events if e and e.is_step_materialization}
    assert made >= {"core/fct_events", "core/dim_users", "published_warehouse", "event_days"}
    checks = {
        e.asset_check_evaluation_data.check_name: e.asset_check_evaluation_data
        for e in events
        if e and e.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    }
    assert checks["not_null_fct_events_user_id"].passed
    assert checks["volume_is_usual"].severity == dg.AssetCheckSeverity.WARN


REBUILD = """
import sys
import dagster as dg
from orchestration.home import Home
from orchestration.house import define
from orchestration.instance import quiet_instance

home = Home.from_environment()
job = define(home).resolve_implicit_global_asset_job_def()
tags = {
    "dagster/asset_partition_range_start": sys.argv[1],
    "dagster/asset_partition_range_end": sys.argv[2],
}
with quiet_instance(home) as instance:
    result = job.execute_in_process(
        instance=instance,
        tags=tags,
        raise_on_error=False,
        asset_selection=[dg.AssetKey("event_days")],
    )
    print([str(e.step_failure_data.error) for e in result.all_events if e.is_step_failure])
"""
"""Rebuilds a range of days as a run of its own."""


def test_a_rebuild_that_fails_a_test_is_not_published(checkout: Path, home: Home) -> None:
    checkout = shutil.copytree(checkout, home.root.with_name("checkout"))
    test = checkout / "tests/assert_no_sixth_day.sql"
    test.parent.mkdir(exist_ok=True)
    test.write_text("select * from {{ ref('fct_events') }} where day = date '2026-01-06'\n")
    before = read_publication(home)
    done = subprocess.run(
        [sys.executable, "-c", REBUILD, "2026-01-02", "2026-01-07"],
        cwd=checkout,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert "assert_no_sixth_day" in done.stdout, done.stdout + done.stderr
    assert read_publication(home) == before
    assert read_record(home) is None
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        assert instance.get_materialized_partitions(dg.AssetKey("event_days")) == set()


# The real project

TABLES = {
    "staging.stg_cvat__event_copies": "event_at",
    "core.fct_activity": "started_at",
    "rollups.rollup_activity": "period_start",
}
"""Table -> the time that says which day a row belongs to."""


def test_the_real_models_get_their_days_back_and_keep_the_others(
    refreshed: tuple[Home, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(refreshed[0].root, home.root)
    for name in ("WAREHOUSE_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by the definitions, as it was afterwards
    untouched, *_, first, last = event_days(home)
    right = home.root / "right.duckdb"
    shutil.copyfile(home.build_file, right)
    with duckdb.connect(str(home.build_file)) as file:
        for table, at in TABLES.items():
            ((count,),) = file.execute(
                f"delete from {table} where cast({at} as date) between ? and ?", [first, last]
            ).fetchall()
            assert count > 0
        file.execute(
            "update staging.stg_cvat__event_copies set user_email = 'mark'"
            " where cast(event_at as date) = ?",
            [untouched],
        )

    definitions = define(home)
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey("event_days")],
            tags={
                "dagster/asset_partition_range_start": f"{first}",
                "dagster/asset_partition_range_end": f"{last}",
            },
        )
    assert result.success
    with duckdb.connect() as reader:
        reader.execute(f"attach '{right}' as right_one (read_only)")
        reader.execute(f"attach '{home.published_file}' as published (read_only)")
        for table in TABLES:
            different = reader.execute(
                f"select distinct cast({TABLES[table]} as date) from ("
                f"(from right_one.{table} except all from published.{table}) union all"
                f" (from published.{table} except all from right_one.{table}))"
            ).fetchall()
            assert different == ([(untouched,)] if table.startswith("staging.") else [])
