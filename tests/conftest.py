"""What the tests share: warehouses built from real files by the real dbt project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunnerResult
from filelock import FileLock

from orchestration.commands.demo import DAYS, EVENTS, SEED, USERS
from orchestration.demo import write_demo
from orchestration.home import Home
from orchestration.landing import land
from tests import project
from tests.oracle.compare import LOG

BuildWarehouse = Callable[..., duckdb.DuckDBPyConnection]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the law: it has the longest tests, and no worker should be alone with them."""
    items.sort(key=lambda item: "law" not in item.path.parts)


@pytest.fixture(scope="session")
def build_warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuildWarehouse:
    """Return a function that lands files, builds all models and opens the result for reading."""

    def build_from(*paths: Path, **how: Any) -> duckdb.DuckDBPyConnection:
        home = built(Home(tmp_path_factory.mktemp("home")), *paths, **how)
        return duckdb.connect(str(home.build_file), read_only=True)

    return build_from


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """made_once(name, make) -> a folder that all workers of a run share: `make` fills it once.

    Who wants to change what is in it takes a copy.
    """
    base = tmp_path_factory.getbasetemp()
    everyones = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, whole = everyones / name, everyones / f"{name}.whole"
        with FileLock(everyones / f"{name}.lock"):
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def oddities_home(made_once: MadeOnce) -> Home:
    """Return the home of a warehouse built from the log of oddities, its dbt tests run too."""
    return Home(made_once("oddities", lambda root: built(Home(root), LOG, is_tested=True)))


@pytest.fixture(scope="session")
def oddities(oddities_home: Home) -> duckdb.DuckDBPyConnection:
    """Return the warehouse built from the log of oddities."""
    return duckdb.connect(str(oddities_home.build_file), read_only=True)


@pytest.fixture(scope="session")
def demo_log(made_once: MadeOnce) -> Path:
    """Return the folder of the demo logs that `make warehouse` starts with."""
    how = {"events": EVENTS, "days": DAYS, "users": USERS, "seed": SEED}
    return made_once("demo_log", lambda folder: write_demo(folder, **how))


@pytest.fixture(scope="session")
def demo_warehouse(demo_log: Path, made_once: MadeOnce) -> duckdb.DuckDBPyConnection:
    """Return the warehouse that `make warehouse` builds, its dbt tests run too."""
    home = Home(made_once("demo", lambda root: built(Home(root), demo_log, is_tested=True)))
    return duckdb.connect(str(home.build_file), read_only=True)


@pytest.fixture(scope="session")
def real_logs() -> Path:
    """Return the folder of real logs, or skip."""
    if not REAL_LOGS.is_dir():
        pytest.skip(f"real logs are not here: {REAL_LOGS}")
    return REAL_LOGS
