"""A warehouse that was refreshed once, and a checkout small enough to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checkouts import Run, runner, write_checkout

from orchestration.home import PROJECT, Home
from tests.conftest import MadeOnce


@pytest.fixture
def small_checkout(tmp_path: Path) -> Path:
    """A checkout with this orchestration over a dbt project of two models, to break at will."""
    return write_checkout(tmp_path / "checkout")


@pytest.fixture
def small(small_checkout: Path) -> Run:
    """Run `warehouse` over the small project: small(home, "build")."""
    return runner(small_checkout)


SAID = "what the terminal showed"


def refresh(root: Path) -> None:
    """Refresh over a small demo log, and keep what the terminal showed."""
    run = runner(PROJECT)
    demo = run(root, "demo", "--events", "3000", "--days", "8", "--users", "6")
    assert demo.returncode == 0, demo.stderr
    done = run(root, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    (root / SAID).write_text(done.stdout)


@pytest.fixture(scope="session")
def refreshed(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home after one real refresh, and what the terminal showed."""
    root = tmp_path_factory.mktemp("refreshed") / "home"
    shutil.copytree(made_once("refreshed", refresh), root)
    return Home(root), (root / SAID).read_text()
