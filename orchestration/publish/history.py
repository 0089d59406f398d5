"""Earlier published states: published/history/<build_id>.duckdb, each a whole file to go back to.

Build ids start with their time, so that the order of names is the order of builds.
"""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish.copying import clone
from orchestration.publish.publication import Publication

KEPT_STATES = 3
"""How many earlier states stay where WAREHOUSE_KEPT_STATES says nothing else."""


def kept_states() -> int:
    """Return how many earlier states to keep. Raises WarehouseError where that is no number."""
    said = os.environ.get("WAREHOUSE_KEPT_STATES") or str(KEPT_STATES)
    if not said.isdecimal():
        raise WarehouseError(
            f"WAREHOUSE_KEPT_STATES is {said!r}; it must be a number of states, such as 3"
        )
    return int(said)


def earlier_states(home: Home) -> dict[str, Path]:
    """Return the kept states, oldest first: build id -> file."""
    return {file.stem: file for file in sorted(_folder(home).glob("[!.]*.duckdb"))}


def keep(home: Home, state: Publication | None) -> None:
    """Keep the published state, which is about to be replaced, under its build's name."""
    if state is None:
        return
    _folder(home).mkdir(exist_ok=True)
    kept = _folder(home) / f"{state.build_id}.duckdb"
    if kept.exists():
        return
    try:
        os.link(home.published_file, kept)
    except OSError:  # a file system without hard links
        copy = kept.with_name(f".incoming-{kept.name}")
        clone(home.published_file, copy)
        copy.chmod(0o444)
        os.replace(copy, kept)


def prune(home: Home, count: int) -> None:
    """Remove all kept states but the newest ones."""
    states = list(earlier_states(home).values())
    for old in states[: max(0, len(states) - count)]:
        old.unlink()


def _folder(home: Home) -> Path:
    return home.published_file.parent / "history"
