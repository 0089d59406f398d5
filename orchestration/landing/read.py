"""Read one file: known already, refused, or staged in scratch for the end of the load."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing import content, lake, stage
from orchestration.landing.load import Load, StagedFile
from orchestration.landing.outcome import FileOutcome, RefusedError, UnfinishedError
from orchestration.landing.recognise import Kind, recognise
from orchestration.landing.relations import counts
from orchestration.landing.schemas import UNITS


def read_file(path: Path, load: Load) -> FileOutcome:
    """Stage one file, unless its content landed before. Raises RefusedError."""
    with _reading():
        before = path.stat()
        place = (_as_text(os.path.abspath(path)), before.st_size, before.st_mtime_ns // 1000)
        if place in load.by_place:
            return _already(path, load.by_place[place])
        folder = load.scratch / str(len(load.staged))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # DuckDB reads through a plain name: it takes *, ? and [ in a path for a pattern.
        plain = folder / "input"
        plain.symlink_to(os.path.abspath(path))
        kind = recognise(plain, load.source)
        text, sha256 = _text(plain, kind, folder, load)
        if sha256 in load.by_content:
            return _already(path, load.by_content[sha256])
    staged = _stage(load, kind, text or plain, folder, sha256[:16])
    with _reading():
        after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnfinishedError("it changed while it was read; land it again when it is complete")
    if text is not None and text.path != plain:
        text.path.unlink()
    outcome = replace(_counted(load, kind, path, staged), file_id=sha256[:16])
    name = _as_text(path.name)
    load.staged.append(StagedFile(outcome, name, place[0], staged, sha256, before))
    load.by_content[sha256] = lake.LandedFile(sha256, name, *place, load.stamp.landed_at)
    return outcome


@contextmanager
def _reading() -> Iterator[None]:
    """Refuse the file where it cannot be read; a full disk is no fault of the file."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise RefusedError(f"it cannot be read: {error.strerror or error}") from error


def _as_text(name: str) -> str:
    """Return a file name as valid text, whatever bytes the file system holds."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _already(path: Path, landed: lake.LandedFile) -> FileOutcome:
    other = f" as {landed.file_name}" if landed.file_name != _as_text(path.name) else ""
    at = f"{landed.landed_at:%Y-%m-%d %H:%M} UTC"
    message = f"the same content landed{other} at {at}"
    return FileOutcome(path, "already landed", message=message, file_id=landed.sha256[:16])


def _text(plain: Path, kind: Kind, folder: Path, load: Load) -> tuple[content.Text | None, str]:
    """Return the text of a file and the hash of its bytes.

    There is no text for Parquet, nor for a compressed file that landed before.
    """
    if kind.format != "parquet" and content.compression(plain) is None:
        return content.scan_plain(plain)
    sha256 = content.sha256(plain)
    if kind.format == "parquet" or sha256 in load.by_content:
        return None, sha256
    return content.unpack(plain, folder / "unpacked"), sha256


def _stage(
    load: Load, kind: Kind, file: content.Text | Path, folder: Path, file_id: str
) -> stage.Stage:
    target = stage.Target(folder, file_id, load.stamp.landed_at_sql)
    try:
        if isinstance(file, Path):
            return stage.stage_parquet(load.connection, kind, file, target)
        return stage.stage_text(load.connection, kind, file, target)
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise
        raise RefusedError(f"DuckDB cannot read it: {str(error).splitlines()[0]}") from error


def _counted(load: Load, kind: Kind, path: Path, staged: stage.Stage) -> FileOutcome:
    good, bad = counts(load.connection, kind.source, staged)
    whole = sum(count for unit, _, count in bad if unit == UNITS[kind.source])
    reasons: dict[str, int] = {}
    for _, reason, count in bad:
        reasons[reason] = reasons.get(reason, 0) + count
    return FileOutcome(
        path,
        "landed",
        landed=good + whole,
        quarantined=whole,
        message=_summary(kind, good + whole, whole, reasons),
        source=kind.source,
        format=kind.format,
        reasons=reasons,
    )


def _summary(kind: Kind, landed: int, quarantined: int, reasons: dict[str, int]) -> str:
    unit = UNITS[kind.source]
    units = unit if landed == 1 else f"{unit}es" if unit == "batch" else f"{unit}s"
    line = f"{landed:,} {units} of {kind.source}"
    bad = [f"{quarantined:,} quarantined"] if quarantined else []
    if inside := sum(reasons.values()) - quarantined:
        events = "event" if inside == 1 else "events"
        bad.append(f"{inside:,} {events} inside of batches quarantined")
    if not bad:
        return line
    why = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items())
    return f"{line}; {' and '.join(bad)} ({why})"
