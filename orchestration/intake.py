"""What the service was sent, on its way into the lake: durable at once, landed exactly once.

A post must not wait for a build, which holds the write lock for minutes. It becomes a folder of
its own that appears whole, without the lock; whoever next holds the lock lands what lies there.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from orchestration.home import Home
from orchestration.landing import FileOutcome, land
from orchestration.landing.known import landed_names

_KEY = re.compile(r"[0-9a-f]{32}")
_SAMPLES = "platform_samples"
"""The kind whose posts say what they are: samples can have any key beside their own."""


def keep(home: Home, key: str, files: Mapping[str, bytes]) -> bool:
    """Keep one post: the content of its log by the kind of log. On disk when this returns.

    `key` is 32 hexadecimal digits, the same for the same post sent again: False says that it lies
    here already. Raises OSError where it cannot be kept.
    """
    folder = home.intake / key
    home.intake.mkdir(parents=True, exist_ok=True)
    unfinished = home.intake / f".{key}-{secrets.token_hex(4)}"
    unfinished.mkdir()
    try:
        for kind, content in files.items():
            with (unfinished / _file_name(key, kind)).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _flush(unfinished)
        try:
            # A folder that is there and not empty cannot be replaced: the first post stays.
            os.rename(unfinished, folder)
            is_new = True
        except OSError:
            if not folder.is_dir():
                raise
            is_new = False
        _flush(home.intake)
        return is_new
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def waiting(home: Home) -> list[Path]:
    """Return the folders of posts that have not landed, in the order of their keys."""
    with suppress(FileNotFoundError):
        return sorted(entry for entry in home.intake.iterdir() if _KEY.fullmatch(entry.name))
    return []


def land_intake(
    home: Home, report: Callable[[FileOutcome], None] | None = None
) -> list[FileOutcome]:
    """Land every post that waits, and return what became of its files. The caller holds the lock.

    A post leaves the intake when it is in the lake. Killed in between it is found there by its
    name the next time, as is one that was sent again after it had landed.
    """
    folders = waiting(home)
    if not folders:
        return []
    names = landed_names(home)
    posts = {folder: sorted(folder.iterdir()) for folder in folders}
    fresh = {
        folder: files
        for folder, files in posts.items()
        if not any(file.name in names for file in files)
    }
    outcomes: list[FileOutcome] = []
    for source in (None, _SAMPLES):
        paths = [
            file
            for files in fresh.values()
            for file in files
            if file.name.endswith(f"-{_SAMPLES}.jsonl") == (source == _SAMPLES)
        ]
        if paths:
            outcomes += land(paths, home, source=source, report=report)
    refused = {outcome.path.parent for outcome in outcomes if outcome.status == "refused"}
    for folder in folders:
        if folder not in refused:
            shutil.rmtree(folder)
    return outcomes


def _file_name(key: str, kind: str) -> str:
    return f"api-{key}-{kind}.jsonl"


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
