"""The models do on small rows what their unit tests say. Builds leave these tests out."""

from __future__ import annotations

import shutil

import pytest

from orchestration.home import PROJECT, Home
from tests import project


@pytest.fixture(scope="module")
def home(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a copy of a built warehouse: rows that a test does not give take their types there."""
    copy = Home(tmp_path_factory.mktemp("unit_tests"))
    shutil.copy(oddities_home.build_file, copy.build_file)
    copy.scratch.mkdir(exist_ok=True)
    return copy


def test_each_unit_test_passes(home: Home) -> None:
    # What is excluded here takes the place of what builds exclude.
    chosen = ("--select", "test_type:unit", "--exclude-resource-type", "model")
    result = project.invoke(project.whole(), home, "test", *chosen)
    assert result.exception is None
    ran = [node for node in result.result.results if node.node.resource_type == "unit_test"]
    files = [path.read_text(encoding="utf-8") for path in (PROJECT / "models").rglob("*.yml")]
    assert len(ran) == sum(file.count("\n    given:\n") for file in files) > 0
    assert [f"{node.node.name}: {node.message}" for node in ran if node.status != "pass"] == []


def test_builds_leave_them_out(home: Home) -> None:
    result = project.invoke(project.whole(), home, "list", "--resource-type", "unit_test")
    assert result.success
    assert result.result == []
