"""What a command costs: wall seconds, CPU seconds and peak memory of it and its children."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from orchestration.home import PROJECT, Home

Answer = TypeVar("Answer")

SHOWN_LINES = 10
"""Of the output of a command that failed, from either end."""


class Cost(NamedTuple):
    """Wall and CPU seconds of one command with its children, peak bytes of the largest of them."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def measured(*command: str | Path, home: Home, environment: dict[str, str] | None = None) -> Cost:
    """Run a command on this home and return what it cost; its output only where it fails.

    The system counts what the caller holds in memory as the command's peak: keep the caller small.
    """
    variables = {**(environment or os.environ), "WAREHOUSE_HOME": str(home.root)}
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, env=variables, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT
        )
        # Of this child alone, which the resources of all children are not.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - started
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").splitlines()
            raise SystemExit("\n".join([f"{' '.join(map(str, command))} failed:", *_ends(said)]))
    kib = 1 if sys.platform == "darwin" else 1024
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kib)


def _ends(lines: list[str]) -> list[str]:
    """Return what a person reads of a long output: how it began, where it ended."""
    if len(lines) <= 2 * SHOWN_LINES:
        return lines
    return [*lines[:SHOWN_LINES], "...", *lines[-SHOWN_LINES:]]


def apart(work: Callable[..., Answer], *arguments: object) -> Answer:
    """Return what the function answers in a process of its own: the caller stays small."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()
