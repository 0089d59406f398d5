"""Whether a file of a folder is still being written, as far as that can be known."""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path

from orchestration.inbox import SETTLED_AFTER_S
from orchestration.landing.content import compression

LINE_BYTES = 1 << 20
"""How much of a file's first and last line is looked at."""


def is_fresh(path: Path) -> bool:
    """Say whether a file changed a moment ago; one that cannot be asked did not."""
    try:
        changed = path.stat().st_mtime
    except OSError:
        return False
    # A time far in the future is a wrong clock: such a file would stay fresh for ever.
    return abs(time.time() - changed) < SETTLED_AFTER_S


def ends_within_a_record(path: Path) -> bool:
    """Say whether a file is plain text that ends in the middle of a record.

    A last line without an end is no sign by itself: many writers leave it out. It is whole if it
    is valid JSON, or has as many CSV columns as the header.
    """
    try:
        if compression(path) is not None:
            return False
        with path.open("rb") as file:
            header = file.readline(LINE_BYTES)
            if header.startswith(b"PAR1") or not file.seek(0, os.SEEK_END):
                return False
            file.seek(-min(file.tell(), LINE_BYTES), os.SEEK_END)
            end = file.read()
    except OSError:
        return False
    if end.endswith((b"\n", b"\r")):
        return False
    return not _is_whole(end.rsplit(b"\n", 1)[-1], header)


def _is_whole(line: bytes, header: bytes) -> bool:
    """Say whether a line without an end is a whole record of its file."""
    try:
        text = line.decode("utf-8")
        if text.lstrip("\ufeff \t").startswith(("{", "[")):
            json.loads(text.lstrip("\ufeff"))
            return True
        columns, named = (
            next(csv.reader([part], strict=True), []) for part in (text, header.decode("utf-8"))
        )
    except (ValueError, csv.Error):
        return False
    return len(columns) == len(named)
