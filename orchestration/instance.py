"""The Dagster instance of a home: run history under it, nothing reported home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from orchestration.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

SETTINGS_FILE = "dagster.yaml"

SETTINGS = """\
# Where the runs of this warehouse are kept: beside this file.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""

QUIET = {
    "python_logs": {"python_log_level": "ERROR"},
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
}
"""On a terminal the command itself says what happens; dbt keeps its log in the home."""


def prepare_instance(home: Home) -> None:
    """Make DAGSTER_HOME what this home says, with settings where there are none yet."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / SETTINGS_FILE
    if not settings.exists():
        settings.write_text(SETTINGS)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["WAREHOUSE_HOME"] = str(home.root)


def quiet_instance(home: Home) -> DagsterInstance:
    """Return the home's instance for runs on a terminal: the same history, no log lines."""
    from dagster import DagsterInstance
    from dagster._core.instance import InstanceRef

    prepare_instance(home)
    overrides = QUIET
    if "storage" not in (home.dagster / SETTINGS_FILE).read_text():
        overrides = {**QUIET, "event_log_storage": _event_log(home)}
    return DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster), overrides=overrides))


def _event_log(home: Home) -> dict[str, object]:
    """Return the settings of a cheaper way to write the files that Dagster has by default."""
    folder = home.dagster / "history" / "runs"
    return {
        "module": "orchestration.event_log",
        "class": "EventLog",
        "config": {"base_dir": str(folder)},
    }
