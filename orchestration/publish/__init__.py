"""Publishing: readers see the whole new state at once, or the old one."""

from __future__ import annotations

from pathlib import Path

from orchestration.build.record import BuildRecord, read_record
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish.history import kept_states, prune
from orchestration.publish.publication import Publication, read_publication, readable
from orchestration.publish.replacing import replace_state, wal

__all__ = ["Publication", "is_published", "publish", "read_publication"]


def publish(home: Home) -> Publication:
    """Publish the last successful build and return what readers see from now on.

    Does nothing where that build is published already. The caller holds the write lock. Raises
    WarehouseError where there is nothing to publish, the build was rolled back, or the disk does
    not take it; the published state then stays as it is.
    """
    from orchestration.publish.state import make_state

    record = _finished_build(home)
    keep = kept_states()
    before = readable(home)
    if before and before.build_id == record.build_id:
        return before
    if before and before.rolled_back_from == record.build_id:
        raise WarehouseError(
            f"Not published: build {record.build_id} was rolled back. To give it to readers again:"
            f" warehouse publish --rollback {record.build_id}"
        )
    _fold_in_wal(home)

    def make(copy: Path) -> None:
        make_state(home.build_file, copy, record)

    published = replace_state(home, record.build_id, make)
    prune(home, keep)
    return published


def is_published(home: Home, record: BuildRecord) -> bool:
    """Say whether that build was given to readers: they see it, or it was rolled back."""
    published = readable(home)
    return published is not None and record.build_id in (
        published.build_id,
        published.rolled_back_from,
    )


def _finished_build(home: Home) -> BuildRecord:
    record = read_record(home)
    if record is None or not home.build_file.exists():
        why = "the last build did not succeed" if home.build_file.exists() else "nothing is built"
        raise WarehouseError(f"Nothing to publish: {why}. Run: warehouse build")
    return record


def _fold_in_wal(home: Home) -> None:
    """Write a left-over log of the build file into it: the copy takes the file alone."""
    import duckdb

    if not wal(home.build_file).exists():
        return
    try:
        with duckdb.connect(str(home.build_file)) as build:
            build.execute("checkpoint")
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{home.build_file} cannot be opened: {line}") from error
