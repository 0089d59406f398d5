"""The house as Dagster sees it: one graph, named and owned; triggers that are off and precise."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from checkouts import csv_line, write_csv

from orchestration.build.fingerprint import project_fingerprint
from orchestration.days import event_days
from orchestration.errors import WarehouseError
from orchestration.home import PROJECT, Home
from orchestration.house import define
from orchestration.inbox import SETTLED_AFTER_S
from orchestration.triggers import define_schedules, define_sensor

FOLDERS = {"landing", "staging", "intermediate", "core", "rollups", "measures", "quality"}


@pytest.fixture(scope="module")
def definitions(refreshed: tuple[Home, str]) -> dg.Definitions:
    """The definitions over the refreshed home."""
    home, _ = refreshed
    kept = {name: os.environ.get(name) for name in ("DAGSTER_HOME", "WAREHOUSE_HOME")}
    try:
        return define(home)
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def test_dbt_is_left_to_its_own_process() -> None:
    # What makes it so is no interface of dagster-dbt's: a new version may do without.
    from dagster_dbt.compat import DBT_PYTHON_VERSION

    assert DBT_PYTHON_VERSION is None


def test_every_asset_has_a_group_a_description_and_an_owner(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    assert {node.group_name for node in nodes} >= FOLDERS
    assert [n.key for n in nodes if not (n.group_name and n.description and n.owners)] == []


def test_landing_to_publishing_is_one_graph(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    everything = graph.get_all_asset_keys()
    # Nothing is read that no asset here makes.
    assert [key for key in everything if not graph.get(key).is_materializable] == []
    published = dg.AssetSelection.assets("published_warehouse").upstream().resolve(graph)
    landed = dg.AssetSelection.assets(["landing", "cvat_events"]).downstream().resolve(graph)
    assert dg.AssetKey(["landing", "platform_samples"]) in published
    assert dg.AssetKey(["measures", "active_users"]) in published & landed
    assert dg.AssetKey("published_warehouse") in landed


def test_every_published_model_stands_before_the_publication(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    seen = graph.get(dg.AssetKey("published_warehouse")).parent_keys
    groups = ("core", "rollups", "measures", "reports", "quality")
    models = {key for key in graph.get_all_asset_keys() if graph.get(key).group_name in groups}
    assert models
    assert seen == models


def test_dbt_tests_are_asset_checks(definitions: dg.Definitions) -> None:
    checked = {
        check.asset_key.path[0] for check in definitions.resolve_asset_graph().asset_check_keys
    }
    assert {"landing", "core"} <= checked


def test_checks_say_what_they_check(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    described = {key.name: graph.get(key).description for key in graph.asset_check_keys}
    ours = {"every_source_is_fresh", "volume_is_usual", "reported_and_derived_time_agree"}
    singular = {name for name in described if name.startswith("assert_")}
    assert singular == {path.stem for path in (PROJECT / "tests/assertions").glob("*.sql")}
    assert {name for name in ours | singular if not described[name]} == set()
    assert "landed = accepted" in described["assert_every_landed_row_is_accounted_for"]


def test_what_stops_the_publication_and_what_it_waits_for(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {
        "assert_every_landed_row_is_accounted_for",
        "every_source_is_fresh",
        "volume_is_usual",
        "reported_and_derived_time_agree",
    } <= blocking


def test_the_schedule_and_the_sensor_are_off_and_start_the_refresh(
    definitions: dg.Definitions,
) -> None:
    schedule = definitions.resolve_schedule_def("every_15_minutes")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    assert schedule.cron_schedule == "*/15 * * * *"
    assert schedule.job_name == "refresh"
    sensor = definitions.resolve_sensor_def("new_logs")
    assert sensor.default_status == dg.DefaultSensorStatus.STOPPED
    assert sensor.job_name == "refresh"
    assert definitions.resolve_job_def("refresh").executor_def.name == "in_process"


def test_no_job_asks_for_a_partition(definitions: dg.Definitions) -> None:
    jobs = {name: definitions.resolve_job_def(name) for name in ("refresh", "build")}
    jobs["full_rebuild"] = definitions.resolve_job_def("full_rebuild")
    assert {name for name, job in jobs.items() if job.partitions_def} == set()
    made = {name: job.asset_layer.selected_asset_keys for name, job in jobs.items()}
    event_days = dg.AssetKey("event_days")
    everything = definitions.resolve_asset_graph().get_all_asset_keys()
    assert made["refresh"] == made["full_rebuild"] == everything - {event_days}
    assert not made["build"] & {event_days, dg.AssetKey("published_warehouse")}
    comparison = dg.AssetCheckKey(
        dg.AssetKey("published_warehouse"), "a_full_rebuild_changes_nothing"
    )
    checked = {
        name
        for name, job in jobs.items()
        if comparison in job.asset_layer.asset_graph.asset_check_keys
    }
    assert checked == {"full_rebuild"}


def test_the_partitions_are_the_days_from_the_first_that_landed_to_today(
    definitions: dg.Definitions, refreshed: tuple[Home, str]
) -> None:
    home, _ = refreshed
    node = definitions.resolve_asset_graph().get(dg.AssetKey("event_days"))
    assert node.partitions_def
    before = datetime.now(UTC).date()
    keys = node.partitions_def.get_partition_keys()
    assert keys[0] == f"{event_days(home)[0]}"
    assert keys[-1] in (f"{before}", f"{datetime.now(UTC).date()}")
    assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_night_rebuilds_the_last_event_days(
    definitions: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly = definitions.resolve_schedule_def("nightly")
    assert nightly.default_status == dg.DefaultScheduleStatus.STOPPED
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("0 3 * * *", "UTC")
    assert nightly.job_name == "refresh"
    for said, days in ((None, 7), ("30", 30)):
        if said:
            monkeypatch.setenv("WAREHOUSE_NIGHTLY_DAYS", said)
        with dg.build_schedule_context() as context:
            # Though nothing is new.
            (request,) = nightly.evaluate_tick(context).run_requests
        assert request.run_config == {
            "ops": {"models": {"config": {"retries": 3, "rebuild_last_days": days}}}
        }


@pytest.mark.parametrize("said", ["0", "-1", "a week", "1.5"])
def test_a_number_of_nightly_days_that_is_none_is_named(
    definitions: dg.Definitions, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("WAREHOUSE_NIGHTLY_DAYS", said)
    nightly = definitions.resolve_schedule_def("nightly")
    with (
        dg.build_schedule_context() as context,
        pytest.raises(Exception, match="nightly") as raised,
    ):
        nightly.evaluate_tick(context)
    assert isinstance(raised.value.__cause__, WarehouseError)
    assert str(raised.value.__cause__) == (
        f"WAREHOUSE_NIGHTLY_DAYS is {said!r}; it must be a number of days, such as 7"
    )


def test_the_week_rebuilds_everything_and_compares(definitions: dg.Definitions) -> None:
    weekly = definitions.resolve_schedule_def("weekly")
    assert weekly.default_status == dg.DefaultScheduleStatus.STOPPED
    assert (weekly.cron_schedule, weekly.execution_timezone) == ("0 5 * * 0", "UTC")
    assert weekly.job_name == "full_rebuild"
    with dg.build_schedule_context() as context:
        (request,) = weekly.evaluate_tick(context).run_requests
    assert request.run_config == {
        "ops": {"models": {"config": {"retries": 3, "full_refresh": True, "compare": True}}}
    }


@pytest.mark.parametrize("name", ["nightly", "weekly"])
def test_night_and_week_rest_where_there_is_nothing_at_all(tmp_path: Path, name: str) -> None:
    (schedule,) = [each for each in define_schedules(Home(tmp_path)) if each.name == name]
    with dg.build_schedule_context() as context:
        tick = schedule.evaluate_tick(context)
    assert tick.run_requests == []
    assert "Nothing has landed" in tick.skip_message


def test_the_schedule_rests_while_nothing_is_new(
    definitions: dg.Definitions, refreshed: tuple[Home, str]
) -> None:
    home, _ = refreshed
    schedule = definitions.resolve_schedule_def("every_15_minutes")
    with dg.build_schedule_context() as context:
        assert schedule.evaluate_tick(context).run_requests == []
        new = write_csv(home.inbox / "late.csv", csv_line(7, 0))
        try:
            assert len(schedule.evaluate_tick(context).run_requests) == 1
        finally:
            new.unlink()


def test_the_run_of_a_refresh_is_in_the_history(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        (run,) = instance.get_runs()
        assert run.job_name == "refresh"
        assert run.status == dg.DagsterRunStatus.SUCCESS
        assert not instance.telemetry_enabled
        event = instance.get_latest_materialization_event(dg.AssetKey("published_warehouse"))
    assert event
    assert event.asset_materialization


def test_a_build_by_dagster_knows_which_project_it_was_made_from(
    refreshed: tuple[Home, str],
) -> None:
    home, _ = refreshed
    with duckdb.connect(str(home.build_file), read_only=True) as file:
        settings = file.execute("select distinct settings from staging.loads_built").fetchall()
    # Else a build on a terminal would take the file for one of another project.
    assert [json.loads(text)["project"] for (text,) in settings] == [project_fingerprint(PROJECT)]


def tick(home: Home, cursor: str | None) -> dg.SensorResult:
    """Evaluate the inbox's sensor once."""
    with dg.build_sensor_context(cursor=cursor) as context:
        return define_sensor(home).evaluate_tick(context)


def settle(path: Path) -> None:
    """Make the file look as if nobody had written into it for a while."""
    past = time.time() - 2 * SETTLED_AFTER_S
    os.utime(path, (past, past))


def test_the_sensor_asks_for_one_run_a_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert tick(home, None).run_requests == []
    settle(write_csv(home.inbox / "a.csv", csv_line(7, 0)))
    first = tick(home, None)
    assert len(first.run_requests) == 1
    again = tick(home, first.cursor)
    assert again.run_requests == []
    assert "Nothing new" in again.skip_message
    settle(write_csv(home.inbox / "b.csv", csv_line(8, 0)))
    second = tick(home, first.cursor)
    assert len(second.run_requests) == 1
    assert second.run_requests[0].run_key != first.run_requests[0].run_key


def test_the_sensor_begins_with_what_is_not_yet_published(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    first = tick(home, None)
    assert first.run_requests == []
    assert "has landed, is built and published" in first.skip_message
    # It knows what it saw.
    assert "Nothing new" in tick(home, first.cursor).skip_message
    new = write_csv(home.inbox / "late.csv", csv_line(7, 0))
    try:
        # Somebody may still be writing into it.
        assert tick(home, None).run_requests == []
        settle(new)
        assert len(tick(home, None).run_requests) == 1
        assert len(tick(home, first.cursor).run_requests) == 1
    finally:
        new.unlink()
    record = home.build_record.read_text()
    home.build_record.unlink()
    try:
        assert len(tick(home, None).run_requests) == 1
    finally:
        home.build_record.write_text(record)


def test_the_sensor_leaves_files_alone_that_are_still_being_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_csv(home.inbox / "growing.csv", csv_line(7, 0))
    settle(write_csv(home.inbox / "half.csv.part", csv_line(7, 0)))
    assert tick(home, None).run_requests == []
