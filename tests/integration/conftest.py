"""A warehouse that was refreshed once, and a checkout small enough to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checkouts import Run, runner, write_checkout

from orchestration.home import PROJECT, Home
from orchestration.inbox import logs, remember, state
from tests.conftest import MadeOnce


@pytest.fixture
def small_checkout(tmp_path: Path) -> Path:
    """A checkout with this orchestration over a dbt project of two models, to break at will."""
    return write_checkout(tmp_path / "checkout")


@pytest.fixture
def small(small_checkout: Path) -> Run:
    """Run `warehouse` over the small project: small(home, "build")."""
    return runner(small_checkout)


@pytest.fixture(scope="session")
def refreshed(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The home of one real refresh over a small demo log, and what the terminal showed.

    All workers share the refresh; each has a copy of its home.
    """

    def refresh(folder: Path) -> None:
        home, run = folder / "home", runner(PROJECT)
        demo = run(home, "demo", "--events", "3000", "--days", "8", "--users", "6")
        assert demo.returncode == 0, demo.stderr
        done = run(home, "refresh")
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "said.txt").write_text(done.stdout, encoding="utf-8")

    made = made_once("refreshed", refresh)
    home = Home(shutil.copytree(made / "home", tmp_path_factory.mktemp("refreshed") / "home"))
    # Its inbox has another path.
    remember(home, state(logs(home)))
    said = (made / "said.txt").read_text("utf-8")
    return home, said.replace(str(made / "home"), str(home.root))
