"""Runs that schedules and sensor ask for: they are started here, and try again where it helps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from checkouts import csv_line, write_csv

from orchestration.build.failures import Failure
from orchestration.build.record import read_record
from orchestration.home import Home
from orchestration.inbox import SETTLED_AFTER_S
from orchestration.retries import passes, wait_s

TRIGGERED = """
import json, sys
import dagster as dg
from orchestration.home import Home
from orchestration.house import define
from orchestration.instance import quiet_instance

home = Home.from_environment()
definitions = define(home)
if sys.argv[1] == "new_logs":
    trigger = definitions.resolve_sensor_def("new_logs")
    context = dg.build_sensor_context()
else:
    trigger = definitions.resolve_schedule_def(sys.argv[1])
    context = dg.build_schedule_context()
with context:
    (request,) = trigger.evaluate_tick(context).run_requests
request.run_config["ops"]["models"]["config"].update(json.loads(sys.argv[2]))
with quiet_instance(home) as instance:
    definitions.resolve_job_def(trigger.job_name).execute_in_process(
        instance=instance, run_config=request.run_config, tags=request.tags, raise_on_error=False
    )
"""
"""Ticks a trigger and executes the run that it asks for, with these changes to how it builds."""


def triggered(checkout: Path, home: Home, trigger: str, **config: Any) -> subprocess.Popen:
    """Start the run that the trigger asks for, from that checkout."""
    return subprocess.Popen(
        [sys.executable, "-c", TRIGGERED, trigger, json.dumps(config)],
        cwd=checkout,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def newest_run(home: Home) -> list[dg.DagsterEvent]:
    """Return the events of the home's newest run; none where there is no run yet."""
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        return [
            record.dagster_event
            for run in instance.get_runs(limit=1)
            for record in instance.all_logs(run.run_id)
            if record.dagster_event
        ]


def steps(home: Home) -> Counter[tuple[str, str | None]]:
    """Count (type of event, step) in the home's newest run."""
    return Counter((event.event_type.value, event.step_key) for event in newest_run(home))


def failure(home: Home) -> str:
    """Return what the home's newest run failed for."""
    (failed,) = [event for event in newest_run(home) if event.is_step_failure]
    return failed.step_failure_data.error_display_string


def wait_for_retry(home: Home, process: subprocess.Popen) -> None:
    """Return as soon as the build has asked to be tried again."""
    until = time.monotonic() + 120
    while not steps(home)[("STEP_UP_FOR_RETRY", "models")]:
        assert process.poll() is None, "the run ended without a retry"
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one log in its inbox, whose run history can already be read."""
    home = Home(tmp_path / "home")
    home.dagster.mkdir(parents=True)
    newest_run(home)
    settled(home.inbox / "a.csv", 7)
    return home


def settled(path: Path, user_id: int) -> None:
    """Write a log of one event that looks as if it had lain there for a while."""
    past = time.time() - 2 * SETTLED_AFTER_S
    os.utime(write_csv(path, csv_line(user_id, 0)), (past, past))


def users(home: Home) -> list[int]:
    with duckdb.connect(str(home.published_file), read_only=True) as reader:
        return [user for (user,) in reader.execute("from core.dim_users order by all").fetchall()]


def test_a_build_waits_for_whoever_has_its_file_open(home: Home, small_checkout: Path) -> None:
    with duckdb.connect(str(home.build_file)):
        process = triggered(small_checkout, home, "weekly", first_wait_s=0.5)
        wait_for_retry(home, process)
    assert process.wait(120) == 0
    counted = steps(home)
    assert counted[("STEP_FAILURE", "models")] == 0
    assert counted[("STEP_RESTARTED", "models")] >= 1
    assert counted[("STEP_SUCCESS", "published_warehouse")] == 1
    assert users(home) == [7]
    results = json.loads((home.root / "dbt/target/run_results.json").read_text())
    assert results["args"]["full_refresh"] is True

    # Where the file stays open the run fails, and what was in the file can still be published.
    before = read_record(home)
    assert before
    settled(home.inbox / "b.csv", 8)
    with duckdb.connect(str(home.build_file)):
        process = triggered(small_checkout, home, "every_15_minutes", retries=1, first_wait_s=0.1)
        assert process.wait(120) == 0
    counted = steps(home)
    assert counted[("STEP_SUCCESS", "landing")] == 1
    assert counted[("STEP_UP_FOR_RETRY", "models")] == 1
    assert counted[("STEP_FAILURE", "models")] == 1
    assert "Another process has the build file open" in failure(home)
    assert read_record(home) == before
    assert users(home) == [7]


def test_broken_models_and_tests_are_not_tried_again(home: Home, small_checkout: Path) -> None:
    core = small_checkout / "models/marts/core"
    (core / "fct_events.sql").write_text("select nonsense from {{ ref('stg_events') }}\n")
    (core / "dim_users.sql").write_text("select null as user_id from {{ ref('stg_events') }}\n")
    process = triggered(small_checkout, home, "new_logs", first_wait_s=0.1)
    assert process.wait(120) == 0
    counted = steps(home)
    assert counted[("STEP_SUCCESS", "landing")] == 1
    assert counted[("STEP_START", "models")] == 1
    assert counted[("STEP_UP_FOR_RETRY", "models")] == 0
    assert counted[("STEP_FAILURE", "models")] == 1
    assert "2 failed" in failure(home)
    assert not home.published_file.exists()


def failed(kind: str, message: str, *, is_warning: bool = False) -> Failure:
    return Failure(kind, "name", "file", message, None, is_warning)


LOCKED = 'IO Error: Could not set lock on file "x": Conflicting lock is held in python (PID 7)'
UNREADABLE = 'IO Error: Could not read from file "x": Input/output error'


@pytest.mark.parametrize(
    ("failures", "errors", "expected"),
    [
        ([], [LOCKED], True),
        ([], [], False),
        ([], ["Parsing Error in x.sql"], False),
        ([failed("model", UNREADABLE)], [], True),
        ([failed("model", UNREADABLE), failed("test", "Got 3 results")], [LOCKED], False),
        ([failed("model", 'Referenced column "nonsense" not found')], [LOCKED], False),
        ([failed("model", "IO Error: No files found that match the pattern")], [], False),
        ([failed("test", "Got 1 result", is_warning=True)], [LOCKED], True),
    ],
)
def test_what_can_pass(failures: list[Failure], errors: list[str], expected: bool) -> None:
    assert passes(failures, errors) is expected


def test_each_wait_is_twice_as_long() -> None:
    assert [wait_s(retry, 30.0) for retry in range(3)] == [30.0, 60.0, 120.0]
