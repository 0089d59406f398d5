"""The models do on small rows what their unit tests say. Builds leave these tests out."""

from __future__ import annotations

import shutil

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration.build import dbt
from orchestration.home import PROJECT, Home


@pytest.fixture(scope="module")
def home(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a copy of a built warehouse: rows that a test does not give take their types there."""
    copy = Home(tmp_path_factory.mktemp("unit_tests"))
    shutil.copy(oddities_home.build_file, copy.build_file)
    # The project as it was parsed, so that it is not parsed again.
    shutil.copytree(dbt.folder(oddities_home), dbt.folder(copy))
    copy.scratch.mkdir(exist_ok=True)
    return copy


@pytest.fixture
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give dbt in this process the environment of builds."""
    for name, value in dbt.environment(home).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def run(*arguments: str):
    """Run dbt in this process."""
    result = dbtRunner().invoke(["--quiet", *arguments])
    DuckDBConnectionManager.close_all_connections()
    return result


def test_each_unit_test_passes(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("DBT_EXCLUDE_RESOURCE_TYPES")
    result = run("test", "--select", "test_type:unit")
    assert result.exception is None
    ran = [node for node in result.result.results if node.node.resource_type == "unit_test"]
    files = [path.read_text(encoding="utf-8") for path in (PROJECT / "models").rglob("*.yml")]
    assert len(ran) == sum(file.count("\n    given:\n") for file in files) > 0
    assert [f"{node.node.name}: {node.message}" for node in ran if node.status != "pass"] == []


@pytest.mark.usefixtures("environment")
def test_builds_leave_them_out() -> None:
    result = run("list", "--resource-type", "unit_test")
    assert result.success
    assert result.result == []
