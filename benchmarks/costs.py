"""What a command costs: wall seconds, and CPU seconds of all its processes."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from orchestration.home import PROJECT, Home


class Cost(NamedTuple):
    """Wall and CPU seconds of one command, its children included."""

    wall_s: float
    cpu_s: float


def measured(*command: str | Path, home: Home, environment: dict[str, str] | None = None) -> Cost:
    """Run a command on this home and return what it cost; its output only where it fails."""
    variables = environment or {**os.environ, "WAREHOUSE_HOME": str(home.root)}
    cpu, started = _cpu_of_children_s(), time.monotonic()
    done = subprocess.run(
        command, env=variables, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    cost = Cost(time.monotonic() - started, _cpu_of_children_s() - cpu)
    if done.returncode:
        said = f"{done.stdout}{done.stderr}"
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{said}")
    return cost


def _cpu_of_children_s() -> float:
    """Return the CPU seconds of all processes that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
