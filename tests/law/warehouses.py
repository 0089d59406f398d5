"""Warehouses over small logs, built by the real dbt in this process at the least cost.

A new home starts with the seeds and the views of the marts, which no build changes; it is then
built by a project without them.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.contracts.graph.manifest import Manifest
from dbt_common.exceptions import DbtRuntimeError

from orchestration.home import Home
from orchestration.landing import ensure_lake
from tests import project


class BuildError(AssertionError):
    """A build failed that should not have."""


@dataclass(frozen=True)
class Foundry:
    """What all homes begin with."""

    folder: Path
    lean: Manifest
    """The project without what changes no table: dbt's tests, and views that no table reads."""
    parts: dict[str, Manifest] = field(default_factory=dict)
    """Model -> the project that makes it and what it needs, nothing else."""


def foundry(folder: Path) -> Foundry:
    """Return what homes below this folder begin with."""
    lean = project.lean().deepcopy()
    while ends := [key for key in lean.nodes if _is_last_view(lean, key)]:
        for key in ends:
            del lean.nodes[key]
    lean.build_parent_and_child_maps()
    folder.mkdir()
    return Foundry(folder, lean)


def _part(made: Foundry, model: str) -> Manifest:
    """Return the project of one model and what it needs; the lean one if that has no such model.

    A selection of dbt's would not do: after one, the build counts as unfinished.
    """
    if model not in made.parts:
        part = made.lean.deepcopy()
        needed: set[str] = set()
        found = [key for key, node in part.nodes.items() if node.name == model]
        while found:
            if (key := found.pop()) in part.nodes and key not in needed:
                needed.add(key)
                found += part.nodes[key].depends_on_nodes
        for key, node in list(part.nodes.items()):
            if needed and node.resource_type == "model" and key not in needed:
                del part.nodes[key]
        part.build_parent_and_child_maps()
        made.parts[model] = part
    return made.parts[model]


def _is_last_view(manifest: Manifest, key: str) -> bool:
    node = manifest.nodes[key]
    is_view = node.resource_type == "model" and node.config.materialized == "view"
    return is_view and not any(key in other.depends_on_nodes for other in manifest.nodes.values())


def new_home(made: Foundry, root: Path, variables: Mapping[str, Any]) -> Home:
    """Return a home in which nothing has landed, with the seeds and the views of the marts."""
    name = hashlib.sha256(json.dumps(dict(variables), sort_keys=True).encode()).hexdigest()[:16]
    template = Home(made.folder / f"template-{name}")
    if not template.build_file.exists():
        unfinished = _empty_home(made.folder / f"unfinished-{name}")
        _invoke(project.lean(), unfinished, variables, "build")
        _keep_seeds_and_views(unfinished.build_file)
        unfinished.root.rename(template.root)
    home = _empty_home(root)
    shutil.copyfile(template.build_file, home.build_file)
    return home


def _empty_home(root: Path) -> Home:
    home = Home(root)
    ensure_lake(home)
    home.scratch.mkdir(exist_ok=True)
    return home


def _keep_seeds_and_views(file: Path) -> None:
    nodes = project.lean().nodes.values()
    seeds = {node.name for node in nodes if node.resource_type == "seed"}
    with duckdb.connect(str(file)) as build:
        tables = build.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            if table not in seeds:
                build.execute(f'drop table "{schema}"."{table}"')
        build.execute("checkpoint")


def build(
    made: Foundry,
    home: Home,
    variables: Mapping[str, Any],
    *,
    full_refresh: bool = False,
    up_to: str | None = None,
) -> None:
    """Build what changed, or all; of one model and what it needs if `up_to` names it.

    Raises BuildError where it fails.
    """
    manifest = _part(made, up_to) if up_to else made.lean
    how = ["--full-refresh"] if full_refresh else []
    _invoke(manifest, home, variables, "run", *how)


def build_that_breaks_off(
    made: Foundry, home: Home, variables: Mapping[str, Any], at: int, how: str
) -> None:
    """Build until statement number `at`, where it fails, the disk is full, or it is killed.

    It succeeds where it has fewer statements.
    """
    if how == "killed":
        child = os.fork()
        if child == 0:
            with suppress(BaseException), _ending_statement(at, how):
                build(made, home, variables)
            os._exit(0)
        os.waitpid(child, 0)
        return
    with _ending_statement(at, how), suppress(BuildError):
        build(made, home, variables)
    # What dbt remembers of an error holds a connection, and so the file.
    gc.collect()


@contextmanager
def _ending_statement(at: int, how: str) -> Iterator[None]:
    """Let one of dbt's statements be the end before DuckDB sees it."""
    execute, lock, run = DuckDBCursorWrapper.execute, threading.Lock(), 0

    def counted(self: DuckDBCursorWrapper, sql: str, bindings: Any = None) -> Any:
        nonlocal run
        with lock:
            run += 1
            number = run
        if number == at and how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if number == at or (number > at and how == "disk is full"):
            raise DbtRuntimeError("No space left on device")
        return execute(self, sql, bindings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DuckDBCursorWrapper, "execute", counted)
        yield


def _invoke(manifest: Manifest, home: Home, variables: Mapping[str, Any], *arguments: str) -> None:
    result = project.invoke(manifest, home, *arguments, variables=variables)
    if not result.success:
        raise BuildError(project.failures(result))
