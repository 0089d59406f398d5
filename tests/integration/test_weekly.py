"""The weekly full rebuild is compared with what the small builds before it had come to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from checkouts import csv_line, write_checkout, write_csv

from orchestration.build.record import read_record
from orchestration.checks.full_rebuild import NAME
from orchestration.checks.sums import differences, sums_of
from orchestration.home import Home
from orchestration.house import define
from orchestration.inbox import SETTLED_AFTER_S
from orchestration.publish import read_publication

# What tables add up to


def database(path: Path, *statements: str) -> Path:
    """Write a database of two tables and events that are shown as they were staged; change it."""
    with duckdb.connect(str(path)) as file:
        for schema in ("core", "rollups", "reports", "staging"):
            file.execute(f"create schema {schema}")
        file.execute(
            "create table core.fct_work as"
            " select i as number, i % 3 as user_id, 'n' || i as name, i / 7 as share,"
            " timestamp '2026-01-01' + interval (i) minute as seen_at, [i, i] as pair"
            " from range(1000) as rows(i)"
        )
        file.execute("create table rollups.rollup_work as select 1 as n, 'a' as name")
        file.execute("create table staging.stg_work as select 1 as n")
        file.execute("create table staging.stg_events as select 1 as n")
        file.execute("create view core.fct_events as from staging.stg_events")
        file.execute("create view reports.shown as from core.fct_work")
        for statement in statements:
            file.execute(statement)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("select 1", []),
        # The same rows in another order are the same table; other schemas are not compared.
        (
            "create or replace table core.fct_work as from core.fct_work order by hash(number)",
            [],
        ),
        ("delete from staging.stg_work", []),
        ("delete from staging.stg_events", ["core.fct_events: -1 rows to 0, n differs"]),
        (
            "update core.fct_work set number = number + 40 where name = 'n5'",
            ["core.fct_work: sum of number +40 to 499,540"],
        ),
        (
            "delete from rollups.rollup_work",
            ["rollups.rollup_work: -1 rows to 0, n differs, name differs"],
        ),
        (
            "update core.fct_work set name = 'other' where number = 5",
            ["core.fct_work: name differs"],
        ),
        (
            "update core.fct_work set pair = [5] where number = 5",
            ["core.fct_work: pair differs"],
        ),
        (
            "update core.fct_work set seen_at = null where number = 5",
            ["core.fct_work: seen_at differs"],
        ),
        # Two rows change users: each column keeps its values, and they add up to the same.
        (
            "update core.fct_work set user_id = case number when 0 then 1 else 0 end"
            " where number in (0, 1)",
            ["core.fct_work: the same values in each column, but in other rows"],
        ),
        ("drop table rollups.rollup_work", ["rollups.rollup_work: is gone; it had 1 row"]),
        ("create table core.more as select 1", ["core.more: was not there; it has 1 row"]),
        (
            "update core.fct_work set number = -number, user_id = 7, name = 'x', share = 0,"
            " seen_at = null",
            [
                "core.fct_work: sum of number -999,000 to -499,500, sum of user_id +6,001 to 7,000,"
                " name differs, sum of share -71,357.143 to 0.000, 1 more columns",
            ],
        ),
    ],
)
def test_tables_that_differ_are_named(tmp_path: Path, change: str, said: list[str]) -> None:
    before = sums_of(database(tmp_path / "before.duckdb"))
    assert list(before) == ["core.fct_events", "core.fct_work", "rollups.rollup_work"]
    after = sums_of(database(tmp_path / "after.duckdb", change))
    assert differences(before, after) == said


# The run that is started every week


WEEKLY = """
import json, sys
import dagster as dg
from orchestration.home import Home
from orchestration.house import define
from orchestration.instance import quiet_instance

home = Home.from_environment()
definitions = define(home)
with dg.build_schedule_context() as context:
    (request,) = definitions.resolve_schedule_def("weekly").evaluate_tick(context).run_requests
request.run_config["ops"]["models"]["config"].update(json.loads(sys.argv[1]))
with quiet_instance(home) as instance:
    definitions.resolve_job_def("full_rebuild").execute_in_process(
        instance=instance, run_config=request.run_config, raise_on_error=False
    )
"""
"""Executes the run that the weekly schedule asks for, with these changes to how it builds."""

Checked = tuple[dg.DagsterRunStatus, list[dg.AssetCheckEvaluation], list[str]]

Weekly = Callable[..., Checked]


def newest_run(home: Home) -> Checked:
    """Return how the home's newest run ended, what the comparison said, and why steps failed."""
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        (run,) = instance.get_runs(limit=1)
        events = [record.dagster_event for record in instance.all_logs(run.run_id)]
    evaluations = [
        event.asset_check_evaluation_data
        for event in events
        if event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    failures = [
        event.step_failure_data.error_display_string
        for event in events
        if event and event.is_step_failure
    ]
    return run.status, [e for e in evaluations if e.check_name == NAME], failures


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project."""
    return write_checkout(tmp_path_factory.mktemp("weekly") / "checkout")


@pytest.fixture(scope="module")
def weekly(checkout: Path) -> Weekly:
    """A function that executes the weekly run over the small project."""

    def run(home: Home, **config: object) -> Checked:
        done = subprocess.run(
            [sys.executable, "-c", WEEKLY, json.dumps(config)],
            cwd=checkout,
            env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return newest_run(home)

    return run


def settled(path: Path, user_id: int) -> None:
    """Write a log of one event that looks as if it had lain there for a while."""
    past = time.time() - 2 * SETTLED_AFTER_S
    os.utime(write_csv(path, csv_line(user_id, 0)), (past, past))


@pytest.fixture(scope="module")
def first_week(weekly: Weekly, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Checked]:
    """A home that nobody but the weekly schedule has built, and how its first run went."""
    home = Home(tmp_path_factory.mktemp("weekly") / "home")
    settled(home.inbox / "a.csv", 7)
    return home, weekly(home)


@pytest.fixture
def home(first_week: tuple[Home, Checked], tmp_path: Path) -> Home:
    """A copy of that home."""
    return Home(shutil.copytree(first_week[0].root, tmp_path / "home"))


def users(home: Home) -> list[int]:
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        return [user for (user,) in reader.execute("from core.dim_users order by all").fetchall()]


def test_the_first_build_has_nothing_to_be_compared_with(
    first_week: tuple[Home, Checked],
) -> None:
    home, (status, (check,), failures) = first_week
    assert (status, failures) == (dg.DagsterRunStatus.SUCCESS, [])
    assert check.passed
    assert check.description == "there was no build before to compare with"
    assert users(home) == [7]


def test_what_has_landed_since_is_in_both_states_that_are_compared(
    weekly: Weekly, home: Home
) -> None:
    settled(home.inbox / "b.csv", 8)
    status, (check,), failures = weekly(home)
    assert (status, failures) == (dg.DagsterRunStatus.SUCCESS, [])
    assert check.passed
    assert check.asset_key == dg.AssetKey("published_warehouse")
    assert check.description == "all 2 tables add up to the same"
    assert users(home) == [7, 8]


def test_a_difference_is_named_and_the_rebuilt_state_is_published(
    weekly: Weekly, home: Home
) -> None:
    with duckdb.connect(str(home.build_file)) as file:
        file.execute("insert into core.dim_users values (9)")
        file.execute("update core.fct_events set mark = 5")
    before = read_publication(home)
    status, (check,), (failure,) = weekly(home)
    assert status == dg.DagsterRunStatus.FAILURE
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert check.metadata["differing"].value == 2
    said = (
        "core.dim_users: -1 rows to 1, sum of user_id -9 to 7\ncore.fct_events: sum of mark -5 to 0"
    )
    assert check.description == said
    assert said in failure
    assert "warehouse publish --rollback" in failure
    assert read_publication(home) != before
    assert users(home) == [7]


def test_a_build_file_that_someone_has_open_is_waited_for(weekly: Weekly, home: Home) -> None:
    before = read_record(home)
    with duckdb.connect(str(home.build_file)):
        status, checks, (failure,) = weekly(home, retries=1, first_wait_s=0.1)
    assert (status, checks) == (dg.DagsterRunStatus.FAILURE, [])
    assert f"{home.build_file} cannot be read: IO Error: Could not set lock on file" in failure
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        (run,) = instance.get_runs(limit=1)
        events = [record.dagster_event for record in instance.all_logs(run.run_id)]
    assert sum(event.is_step_up_for_retry for event in events if event) == 1
    # Nothing has changed: what is built can still be published.
    assert read_record(home) == before


# The real project


def test_a_row_changed_by_hand_in_the_real_warehouse_is_found(
    refreshed: tuple[Home, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(shutil.copytree(refreshed[0].root, tmp_path / "home"))
    for name in ("WAREHOUSE_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by the definitions, as it was afterwards
    with duckdb.connect(str(home.build_file)) as file:
        ((activity,),) = file.execute(
            "update core.fct_activity set duration_ms = duration_ms + 60000"
            " where activity_id = (select min(activity_id) from core.fct_activity)"
            " returning activity_id"
        ).fetchall()
    definitions = define(home)
    job = definitions.resolve_job_def("full_rebuild")
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        job.execute_in_process(instance=instance, raise_on_error=False)
    status, (check,), (failure,) = newest_run(home)
    assert status == dg.DagsterRunStatus.FAILURE
    # This table, and none of the others: they come out of the rebuild as they were.
    assert check.metadata["differing"].value == 1
    assert check.metadata["tables"].value > 30
    assert check.description.startswith("core.fct_activity: sum of duration_ms -60,000 to ")
    assert check.description in failure
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        (row,) = reader.execute(
            "select duration_ms from core.fct_activity where activity_id = ?", [activity]
        ).fetchall()
    with duckdb.connect(str(refreshed[0].build_file), read_only=True) as reader:
        assert reader.execute(
            "select duration_ms from core.fct_activity where activity_id = ?", [activity]
        ).fetchall() == [row]
