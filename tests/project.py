"""The dbt project in this process: parsed once, then built into any home.

What a build costs beside its tables is left out where no test looks at it: parsing the project,
comments on tables and columns, dbt's tests, its log and artifacts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.event_manager import EventManager
from filelock import FileLock

from orchestration.build import dbt
from orchestration.build.fingerprint import project_fingerprint
from orchestration.home import PROJECT, Home

QUIET = ("--quiet", "--log-level", "none", "--log-level-file", "none", "--no-write-json")

PARSED = PROJECT / "target" / "tests"
"""Where the parsed project lies for all processes, until a file of it changes."""

_HOME = Home(PARSED / "home")
"""The home for which it was parsed: dbt would parse it again for another one."""


@cache
def whole() -> Manifest:
    """Return the parsed project; no reference or setting in it depends on a variable."""
    folder = PARSED / project_fingerprint(PROJECT)
    PARSED.mkdir(parents=True, exist_ok=True)
    with FileLock(PARSED / "lock"), _environment(_HOME) as patch:
        patch.setenv("DBT_TARGET_PATH", str(folder))
        for stale in PARSED.glob("*/partial_parse.msgpack"):
            if stale.parent != folder:
                shutil.rmtree(stale.parent)
        parsed = dbtRunner().invoke(["parse", *QUIET])
    assert parsed.success, f"dbt cannot parse the project: {parsed.exception}"
    return parsed.result


@cache
def lean() -> Manifest:
    """Return the project without what makes no rows: dbt's tests, exposures, comments."""
    manifest = whole().deepcopy()
    for key, node in list(manifest.nodes.items()):
        if node.resource_type == "test":
            del manifest.nodes[key]
        else:
            # Comments on columns cost a third of a small build.
            node.config.persist_docs = {}
    manifest.exposures.clear()
    manifest.unit_tests.clear()
    manifest.build_parent_and_child_maps()
    return manifest


def invoke(
    manifest: Manifest,
    home: Home,
    *arguments: str,
    variables: Mapping[str, Any] | None = None,
) -> dbtRunnerResult:
    """Run a command of dbt's over a home, with this project."""
    given = ("--vars", json.dumps(dict(variables or {})))
    with _environment(home) as patch:
        # It would put each step into words, although nobody listens.
        patch.setattr(EventManager, "fire_event", lambda *_, **__: None)
        for source in manifest.sources.values():
            location = source.meta["external_location"]
            there = location.replace(str(_HOME.root), str(home.root))
            patch.setitem(source.meta, "external_location", there)
        return dbtRunner(manifest=manifest).invoke([*arguments, *QUIET, *given])


def failures(result: dbtRunnerResult) -> str:
    """Return what a command that failed says, a line for each model or test."""
    fine = ("success", "pass", "warn", "skipped", "no-op")
    lines = [
        f"{one.node.name}: {one.message}"
        for one in getattr(result.result, "results", [])
        if one.status not in fine
    ]
    return "\n".join(lines) or str(result.exception or result.result)


@contextmanager
def _environment(home: Home) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in dbt.environment(home).items():
            patch.setenv(name, value)
        try:
            yield patch
        finally:
            DuckDBConnectionManager.close_all_connections()
