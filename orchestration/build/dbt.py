"""How this project calls dbt: which executable, which folders, which environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from orchestration.build.fingerprint import project_fingerprint
from orchestration.errors import WarehouseError
from orchestration.home import PROJECT, Home

TERMINATION_S = 5.0
"""How long dbt may take to end by itself."""


def executable() -> Path:
    """Return the dbt beside this Python, which need not be on PATH."""
    found = Path(sys.executable).parent / "dbt"
    if not found.exists():
        raise WarehouseError(f"dbt is not installed beside {sys.executable}. Run: make install")
    return found


def folder(home: Home) -> Path:
    """Return the folder of all that dbt leaves behind: the checkout stays clean."""
    return home.root / "dbt"


def target(home: Home) -> Path:
    """Return dbt's target folder: compiled SQL, run results, the parsed project."""
    return folder(home) / "target"


def environment(home: Home) -> dict[str, str]:
    """Return the environment in which dbt finds this home and nothing reports home."""
    return {
        **os.environ,
        "WAREHOUSE_HOME": str(home.root),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(target(home)),
        "DBT_LOG_PATH": str(folder(home) / "logs"),
        "WAREHOUSE_PROJECT_FINGERPRINT": project_fingerprint(PROJECT),
        # They try the models on rows of their own: nothing of the data, nothing for each build.
        "DBT_EXCLUDE_RESOURCE_TYPES": "unit_test",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def end(process: subprocess.Popen) -> None:
    """See to it that dbt has ended: it must not write after its caller let go of the lock.

    Nothing is lost by killing it: a transaction of DuckDB is there as a whole or not at all.
    """
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(TERMINATION_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
