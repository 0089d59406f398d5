"""Replacing what readers see: a finished copy takes the place of the old file in one step."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish.history import keep
from orchestration.publish.publication import Publication, read_publication, readable


def replace_state(home: Home, build_id: str, make: Callable[[Path], None]) -> Publication:
    """Let `make` write a state into a new file, and give that to readers.

    The state before is kept in the history. Raises WarehouseError where the new file cannot be
    made or put in place; what readers see then stays as it was.
    """
    import duckdb

    before = readable(home)
    folder = home.published_file.parent
    copy = folder / f".incoming-{build_id}.duckdb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clean(folder)
        make(copy)
        keep(home, before)
        _set_wal_aside(home.published_file)
        os.replace(copy, home.published_file)
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"Not published: {copy} could not be made: {line}") from error
    except OSError as error:
        seen = f"build {before.build_id} still" if before else "nothing"
        raise WarehouseError(
            f"Not published: {folder}: {error.strerror or error}. Readers see {seen}."
        ) from error
    finally:
        _drop(copy)
    published = read_publication(home)
    if published is None:
        raise WarehouseError(f"{home.published_file} vanished while it was being published")
    return published


def wal(file: Path) -> Path:
    """Return where DuckDB keeps the log of a file."""
    return file.with_name(f"{file.name}.wal")


def _clean(folder: Path) -> None:
    """Remove what killed publications left behind."""
    for unfinished in [*folder.glob(".incoming-*"), *folder.glob("history/.incoming-*")]:
        unfinished.unlink()


def _drop(copy: Path) -> None:
    """Remove a copy that did not become the state; where nothing could be written, none is."""
    for file in (copy, wal(copy)):
        try:
            file.unlink(missing_ok=True)
        except OSError:
            return


def _set_wal_aside(file: Path) -> None:
    """Move away what a writer left beside the old file: DuckDB would replay it into the new one."""
    log = wal(file)
    if log.exists():
        log.rename(log.with_name(f"{log.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.aside"))
