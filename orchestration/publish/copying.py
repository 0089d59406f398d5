"""Copying a file without copying its bytes, where the file system can."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

FICLONE = 0x40049409
"""Linux's ioctl that lets two files share their blocks (btrfs, XFS)."""


def clone(source: Path, copy: Path) -> None:
    """Copy the file: a reflink where both lie on a file system that has it, else the bytes."""
    with source.open("rb") as old, copy.open("wb") as new:
        try:
            fcntl.ioctl(new.fileno(), FICLONE, old.fileno())
        except OSError:
            shutil.copyfileobj(old, new, length=8 * 1024 * 1024)
