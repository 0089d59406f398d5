"""What the tests share: warehouses built from real files by the real dbt project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunnerResult

from orchestration.commands.demo import DAYS, EVENTS, SEED, USERS
from orchestration.demo import write_demo
from orchestration.home import Home
from orchestration.landing import land
from tests import project
from tests.oracle.compare import LOG

BuildWarehouse = Callable[..., duckdb.DuckDBPyConnection]

REAL_LOGS = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
"""Real logs that the project does not contain; tests that need them skip without."""


def build(
    home: Home,
    *,
    select: Iterable[str] = (),
    variables: Mapping[str, Any] | None = None,
    is_tested: bool = False,
) -> dbtRunnerResult:
    """Build all models, or those that are selected, in this process; return dbt's result.

    With `is_tested` as users do: dbt's tests run too, and columns get their comments.
    """
    home.scratch.mkdir(parents=True, exist_ok=True)
    manifest = project.whole() if is_tested else project.lean()
    selected = ("--select", *select, "--indirect-selection", "cautious") if select else ()
    return project.invoke(manifest, home, "build", *selected, variables=variables)


def built(home: Home, *paths: Path, **how: Any) -> Home:
    """Land files and build all models; the home if all went well."""
    refused = [str(outcome) for outcome in land(paths, home) if outcome.status == "refused"]
    assert not refused
    result = build(home, **how)
    assert result.success, project.failures(result)
    return home


@pytest.fixture(scope="session")
def build_warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuildWarehouse:
    """Return a function that lands files, builds all models and opens the result for reading."""

    def build_from(*paths: Path, **how: Any) -> duckdb.DuckDBPyConnection:
        home = built(Home(tmp_path_factory.mktemp("home")), *paths, **how)
        return duckdb.connect(str(home.build_file), read_only=True)

    return build_from


@pytest.fixture(scope="session")
def oddities_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return the home of a warehouse built from the log of oddities, its dbt tests run too."""
    return built(Home(tmp_path_factory.mktemp("oddities")), LOG, is_tested=True)


@pytest.fixture(scope="session")
def oddities(oddities_home: Home) -> duckdb.DuckDBPyConnection:
    """Return the warehouse built from the log of oddities."""
    return duckdb.connect(str(oddities_home.build_file), read_only=True)


@pytest.fixture(scope="session")
def demo_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demo logs that `make warehouse` starts with."""
    folder = tmp_path_factory.mktemp("demo") / "logs"
    write_demo(folder, events=EVENTS, days=DAYS, users=USERS, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def demo_warehouse(demo_log: Path, build_warehouse: BuildWarehouse) -> duckdb.DuckDBPyConnection:
    """Return the warehouse that `make warehouse` builds, its dbt tests run too."""
    return build_warehouse(demo_log, is_tested=True)


@pytest.fixture(scope="session")
def real_logs() -> Path:
    """Return the folder of real logs, or skip."""
    if not REAL_LOGS.is_dir():
        pytest.skip(f"real logs are not here: {REAL_LOGS}")
    return REAL_LOGS
