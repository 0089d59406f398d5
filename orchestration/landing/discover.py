"""Which files a path stands for."""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.landing.outcome import RefusedError

UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download")
"""How the names of files end that a program has not finished writing, in lower case."""


def log_files(path: Path) -> list[Path]:
    """Return the logs that a path stands for: itself, or all below a folder, sorted.

    Below a folder, names that start with `.` or `_` and unfinished downloads are left out, also
    the empty file that a browser puts beside one.
    Raises RefusedError for a path that is not there and a folder without logs.
    """
    if path.is_dir():
        found = _below(path)
        if not found:
            raise RefusedError("the folder holds no logs")
        return found
    if not path.exists():
        raise RefusedError("there is no such file or folder")
    if not path.is_file():
        raise RefusedError("it is neither a file nor a folder")
    return [path]


def _below(folder: Path) -> list[Path]:
    found: list[Path] = []

    def unreadable(error: OSError) -> None:
        # As a path that cannot be read it is refused like a file, and stops no other.
        found.append(Path(error.filename))

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        halves = {name[: -len(end)] for name in names for end in UNFINISHED if name.endswith(end)}
        found.extend(
            Path(here) / name for name in names if _is_log_name(name) and name not in halves
        )
    return sorted(path for path in found if path.is_file() or path.is_dir())


def _is_log_name(name: str) -> bool:
    return not name.startswith((".", "_")) and not name.lower().endswith(UNFINISHED)
