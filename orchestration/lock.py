"""One writer at a time: the file lock that land, build, publish and refresh take."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home

WAIT_S = 10.0
"""How long a command waits for another writer."""

JOB_WAIT_S = 1800.0
"""How long a scheduled run waits: nobody sits before it."""


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _holder_file(home: Home) -> Path:
    return home.lock_file.with_suffix(".holder.json")


def holder(home: Home) -> str | None:
    """Describe who noted itself beside the lock; None where nobody did."""
    try:
        noted = json.loads(_holder_file(home).read_text())
        return f"`{noted['command']}`, process {noted['pid']}, since {noted['since']}"
    except (OSError, ValueError, KeyError):
        return None


def writer(home: Home) -> str | None:
    """Describe the process that writes into the home at this moment, None where none does."""
    if not home.lock_file.exists():
        return None
    with home.lock_file.open() as file:
        try:
            # Shared and given back at once: whoever looks needs no right to write.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return holder(home) or "an unknown process"
    return None


@contextmanager
def writing(
    home: Home,
    command: str,
    *,
    wait_s: float | None = None,
    say: Callable[[str], None] = _say,
) -> Iterator[None]:
    """Hold the home's write lock. The process that has it already enters again at once.

    Waits up to wait_s seconds (WAIT_S without) for another writer, after one line that names it;
    then raises WarehouseError.
    """
    from filelock import FileLock, Timeout

    wait_s = WAIT_S if wait_s is None else wait_s
    home.root.mkdir(parents=True, exist_ok=True)
    # The singleton is what lets the assets of an in-process run enter the lock of their command.
    lock = FileLock(home.lock_file, is_singleton=True, thread_local=False)
    if lock.is_locked:
        with lock:
            yield
        return
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Waiting up to {wait_s:.0f} s for {holder(home) or 'another process'}")
        try:
            lock.acquire(timeout=wait_s)
        except Timeout:
            raise WarehouseError(
                f"{home.root} is being written by {holder(home) or 'another process'}. "
                "Try again when it has finished."
            ) from None
    try:
        _holder_file(home).write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "command": command,
                    "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
                }
            )
        )
        yield
    finally:
        _holder_file(home).unlink(missing_ok=True)
        lock.release()
