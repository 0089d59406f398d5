"""Read one file: known already, refused, or ready to be staged."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing import content, lake, unfinished
from orchestration.landing.csv_sources import SHOW_NO_SOURCE
from orchestration.landing.load import Load
from orchestration.landing.outcome import FileOutcome, RefusedError, UnfinishedError
from orchestration.landing.recognise import Kind, recognise


@dataclass(frozen=True)
class Given:
    """One file that is to land."""

    path: Path
    may_wait: bool
    """It was found in a folder, where somebody may be writing."""


@dataclass(frozen=True)
class Reading:
    """A file that was read and can be staged: a small one is in memory."""

    given: Given
    place: str
    """The absolute path as text."""
    stat: os.stat_result
    sha256: str
    kind: Kind
    scan: content.Scan | None
    """None for Parquet."""
    data: bytes | None
    """All of a small file, uncompressed."""
    large: Path | None
    """Where DuckDB finds a large one in scratch."""

    @property
    def file_id(self) -> str:
        """The name of this content in the lake."""
        return self.sha256[:16]


def read(given: Given, load: Load) -> FileOutcome | Reading:
    """Read one file, unless its content landed before or it cannot land."""
    was_fresh = given.may_wait and unfinished.is_fresh(given.path)
    try:
        if was_fresh and unfinished.ends_within_a_record(given.path):
            raise UnfinishedError("its last line is not whole")
        return _read(given, load)
    except RefusedError as error:
        return refused(given, error, was_fresh=was_fresh)


def refused(given: Given, error: RefusedError, *, was_fresh: bool = False) -> FileOutcome:
    """Return the outcome of a file that cannot land, or not yet."""
    is_fresh = was_fresh or (given.may_wait and unfinished.is_fresh(given.path))
    if is_fresh and isinstance(error, UnfinishedError):
        message = f"left for the next landing, since it is being written: {error}"
        return FileOutcome(given.path, "waiting", message=message)
    return FileOutcome(given.path, "refused", message=str(error))


def already(path: Path, landed: lake.LandedFile) -> FileOutcome:
    """Return the outcome of a file whose content landed before."""
    other = f" as {landed.file_name}" if landed.file_name != as_text(path.name) else ""
    at = f"{landed.landed_at:%Y-%m-%d %H:%M} UTC"
    message = f"the same content landed{other} at {at}"
    return FileOutcome(path, "already landed", message=message, file_id=landed.sha256[:16])


def as_text(name: str) -> str:
    """Return a file name as valid text, whatever bytes the file system holds."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def refuse_if_changed(path: Path, before: os.stat_result) -> None:
    """Raise UnfinishedError if a file is not what it was."""
    with _reading():
        after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnfinishedError("it changed while it was read; land it again when it is complete")


def _read(given: Given, load: Load) -> FileOutcome | Reading:
    path = given.path
    with _reading():
        before = path.stat()
        place = as_text(os.path.abspath(path))
        known = load.by_place.get((place, before.st_size, before.st_mtime_ns // 1000))
        if known is not None:
            return already(path, known)
        head = content.head(path)
        kind = recognise(path, head, load.source or _source_of_folder(path))
        is_text = kind.format != "parquet"
        scan = large = None
        if head.is_all:
            packed = head.compression is not None
            sha256 = content.sha256(path) if packed else hashlib.sha256(head.data).hexdigest()
            scan = content.scan(head.data) if is_text else None
            refuse_if_changed(path, before)
        elif is_text and head.compression is None:
            scan, sha256 = content.scan_plain(path)
        else:
            sha256 = content.sha256(path)
        if sha256 in load.by_content:
            return already(path, load.by_content[sha256])
        if not head.is_all:
            large = (_place_of_large(load) if is_text else load.new_folder()) / sha256[:16]
            if not is_text:
                # Its rows may be read once more at the end of the load, when it may be gone.
                shutil.copyfile(path, large)
            elif head.compression is not None:
                scan = content.unpack(path, large)
            else:
                # DuckDB reads through a plain name: it takes *, ? and [ in a path for a pattern.
                large.symlink_to(os.path.abspath(path))
    data = head.data if head.is_all else None
    return Reading(given, place, before, sha256, kind, scan, data, large)


def _source_of_folder(path: Path) -> str | None:
    """Return the source that a file's folder names, for files that do not say it themselves."""
    name = path.absolute().parent.name
    return name if name in SHOW_NO_SOURCE else None


def _place_of_large(load: Load) -> Path:
    """Return the folder of the one large text that is read; what was there before is gone."""
    folder = load.scratch / "large"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@contextmanager
def _reading() -> Iterator[None]:
    """Refuse the file where it cannot be read; a full disk is no fault of the file."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise RefusedError(f"it cannot be read: {error.strerror or error}") from error
