"""A warehouse that was refreshed once, and a checkout small enough to break."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkouts import Run, runner, write_checkout

from orchestration.home import PROJECT, Home


@pytest.fixture
def small_checkout(tmp_path: Path) -> Path:
    """A checkout with this orchestration over a dbt project of two models, to break at will."""
    return write_checkout(tmp_path / "checkout")


@pytest.fixture
def small(small_checkout: Path) -> Run:
    """Run `warehouse` over the small project: small(home, "build")."""
    return runner(small_checkout)


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The home of one real refresh over a small demo log, and what the terminal showed."""
    home = Home(tmp_path_factory.mktemp("refreshed"))
    run = runner(PROJECT)
    demo = run(home.root, "demo", "--events", "3000", "--days", "8", "--users", "6")
    assert demo.returncode == 0, demo.stderr
    refresh = run(home.root, "refresh")
    assert refresh.returncode == 0, refresh.stdout + refresh.stderr
    return home, refresh.stdout
