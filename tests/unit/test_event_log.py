"""Runs on a terminal are kept where and as Dagster keeps its own, or where its settings say."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.instance import InstanceRef

from orchestration.event_log import EventLog
from orchestration.home import Home
from orchestration.instance import prepare_instance, quiet_instance


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    # Put back afterwards: an instance names its folders in the environment.
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    return Home(tmp_path / "home")


@dg.asset
def made() -> None:
    """Be made."""


@dg.asset_check(asset=made)
def is_made() -> dg.AssetCheckResult:
    """Pass."""
    return dg.AssetCheckResult(passed=True)


def test_dagster_reads_what_a_run_on_a_terminal_kept(home: Home):
    with quiet_instance(home) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        for _ in range(2):
            run_id = dg.materialize([made, is_made], instance=instance).run_id
        told = [record.message for record in instance.all_logs(run_id)]
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster))) as dagsters:
        assert not isinstance(dagsters.event_log_storage, EventLog)
        assert [record.message for record in dagsters.all_logs(run_id)] == told
        assert len(dagsters.get_runs()) == 2
        latest = dagsters.get_latest_materialization_event(made.key)
        assert latest is not None
        assert latest.run_id == run_id
        check = dg.AssetCheckKey(made.key, "is_made")
        found = dagsters.event_log_storage.get_latest_asset_check_execution_by_key([check])
        assert found[check].run_id == run_id
        assert dg.materialize([made, is_made], instance=dagsters).success
    with quiet_instance(home) as instance:
        assert len(instance.get_runs()) == 3


def test_a_storage_that_the_settings_name_is_used(home: Home, tmp_path: Path):
    prepare_instance(home)
    settings = home.dagster / "dagster.yaml"
    elsewhere = tmp_path / "elsewhere"
    settings.write_text(settings.read_text() + f"storage: {{sqlite: {{base_dir: {elsewhere}}}}}\n")
    with quiet_instance(home) as instance:
        dg.materialize([made], instance=instance)
        assert not isinstance(instance.event_log_storage, EventLog)
    assert any(elsewhere.rglob("*.db"))
    assert not any(home.dagster.rglob("*.db"))
