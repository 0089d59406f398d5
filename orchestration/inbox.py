"""What lies in the landing folder, and whether it changed since all of it landed."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from orchestration.home import Home

SETTLED_AFTER_S = 5.0
"""A file that changed less than this ago may still be being written."""


def logs(home: Home, *, settled_after_s: float = 0.0) -> list[Path]:
    """Return the inbox's log files in order, without those changed within the last seconds."""
    from orchestration.landing.discover import log_files
    from orchestration.landing.outcome import RefusedError

    try:
        found = log_files(home.inbox)
    except RefusedError:
        return []
    before = time.time() - settled_after_s
    return [path for path in found if not settled_after_s or path.stat().st_mtime < before]


def state(files: list[Path]) -> str:
    """Return a key of these files' names, sizes and times: equal where nothing changed."""
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(json.dumps(stats).encode()).hexdigest()[:16]


def remember(home: Home, key: str) -> None:
    """Note the state of the inbox whose every file has landed."""
    _memory(home).write_text(json.dumps({"state": key}))


def remembered(home: Home) -> str | None:
    """Return the state of the inbox that landed last, None where none did."""
    try:
        return json.loads(_memory(home).read_text())["state"]
    except (OSError, ValueError, KeyError):
        return None


def _memory(home: Home) -> Path:
    return home.root / "inbox.json"
