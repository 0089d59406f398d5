"""Publishing: readers see the whole new state at once, or the old one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from orchestration.build.record import BuildRecord, read_record
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish.copying import clone
from orchestration.publish.publication import Publication, read_publication

__all__ = ["Publication", "is_published", "publish", "read_publication"]

KEPT_STATES = 3
"""How many earlier states stay in published/history, to go back to."""


def publish(home: Home) -> Publication:
    """Publish the last successful build and return what readers see from now on.

    Does nothing where that build is published already. The caller holds the write lock. Raises
    WarehouseError where there is nothing to publish; the published state then stays as it is.
    """
    import duckdb

    from orchestration.publish.state import make_state

    record = _finished_build(home)
    before = _readable(home)
    if before and before.build_id == record.build_id:
        return before
    folder = home.published_file.parent
    folder.mkdir(parents=True, exist_ok=True)
    for unfinished in folder.glob(".incoming-*"):
        unfinished.unlink()
    _fold_in_wal(home)
    copy = folder / f".incoming-{record.build_id}.duckdb"
    try:
        clone(home.build_file, copy)
        make_state(copy, record)
        _keep(home, before)
        _set_wal_aside(home)
        os.replace(copy, home.published_file)
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{copy} could not be made: {line}") from error
    finally:
        copy.unlink(missing_ok=True)
    published = read_publication(home)
    if published is None:
        raise WarehouseError(f"{home.published_file} vanished while it was being published")
    return published


def is_published(home: Home, record: BuildRecord) -> bool:
    """Say whether readers see that build."""
    published = _readable(home)
    return published is not None and published.build_id == record.build_id


def _finished_build(home: Home) -> BuildRecord:
    record = read_record(home)
    if record is None or not home.build_file.exists():
        why = "the last build did not succeed" if home.build_file.exists() else "nothing is built"
        raise WarehouseError(f"Nothing to publish: {why}. Run: warehouse build")
    return record


def _readable(home: Home) -> Publication | None:
    """Return what is published; a file that cannot be read counts as none, it will be replaced."""
    try:
        return read_publication(home)
    except WarehouseError:
        return None


def _fold_in_wal(home: Home) -> None:
    """Write a left-over log of the build file into it: the copy takes the file alone."""
    import duckdb

    if not _wal(home.build_file).exists():
        return
    try:
        with duckdb.connect(str(home.build_file)) as build:
            build.execute("checkpoint")
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{home.build_file} cannot be opened: {line}") from error


def _keep(home: Home, before: Publication | None) -> None:
    """Keep the state that is about to be replaced under its build's name."""
    if before is None:
        return
    history = home.published_file.parent / "history"
    history.mkdir(exist_ok=True)
    kept = history / f"{before.build_id}.duckdb"
    if not kept.exists():
        try:
            os.link(home.published_file, kept)
        except OSError:  # a file system without hard links
            clone(home.published_file, kept)
    for old in sorted(history.glob("*.duckdb"))[:-KEPT_STATES]:
        old.unlink()


def _set_wal_aside(home: Home) -> None:
    """Move away what a writer left beside the old file: DuckDB would replay it into the new one."""
    wal = _wal(home.published_file)
    if wal.exists():
        wal.rename(wal.with_name(f"{wal.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.aside"))


def _wal(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")
