"""A home that is put back into a known state before each step, and what is done in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.costs import Cost, measured
from orchestration.build import dbt
from orchestration.home import Home


@dataclass(frozen=True)
class State:
    """A home that was put aside, with how many rows have landed in it."""

    folder: Path
    rows: int


def put_aside(home: Home, folder: Path, rows: int) -> State:
    """Copy the home into a folder."""
    shutil.copytree(home.root, folder)
    return State(folder, rows)


def put_back(home: Home, state: State) -> None:
    """Let the home be as it was: in its own place, or dbt would parse anew."""
    shutil.rmtree(home.root)
    shutil.copytree(state.folder, home.root)


def landing(home: Home, paths: Sequence[Path]) -> Cost:
    """Land the paths as the product's user does."""
    return measured(Path(sys.executable).with_name("warehouse"), "land", *paths, home=home)


def building(home: Home, command: str, rows: int | None = None) -> Cost:
    """Run dbt as the product does; SystemExit where the result does not hold that many rows."""
    cost = measured(
        dbt.executable(), command, "--quiet", home=home, environment=dbt.environment(home)
    )
    if rows is not None:
        with duckdb.connect(str(home.build_file), read_only=True) as warehouse:
            (found,) = warehouse.execute("select count(*) from core.fct_events").fetchone()
        if found != rows:
            raise SystemExit(f"core.fct_events holds {found:,} rows, but {rows:,} have landed")
    return cost
