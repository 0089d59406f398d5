"""Land files: each becomes rows of the lake or is refused with one line; a call is one load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.home import Home
from orchestration.landing import lake
from orchestration.landing.batch import land_files
from orchestration.landing.discover import log_files
from orchestration.landing.load import new_load
from orchestration.landing.outcome import FileOutcome, LandingError, RefusedError
from orchestration.landing.read import Given
from orchestration.landing.relations import relations
from orchestration.landing.schemas import SOURCES


def land(
    paths: Sequence[Path],
    home: Home,
    *,
    source: str | None = None,
    report: Callable[[FileOutcome], None] | None = None,
) -> list[FileOutcome]:
    """Land files and folders as one load and return what became of each file.

    `source` names the kind of files that show none. `report` is told of each file as soon
    as its batch is read; the rows of all of them appear together at the end, or not at all. The
    caller holds the writers' lock. Raises LandingError where the load as a whole cannot go on.
    """
    if source is not None and source not in SOURCES:
        raise LandingError(f"unknown source {source!r}; known are {', '.join(SOURCES)}")
    with storage_errors(home), new_load(home, source) as load:
        outcomes = []
        for outcome in land_files(_given(paths), load):
            outcomes.append(outcome)
            if report is not None:
                report(outcome)
        if load.staged:
            lake.write_load(load.connection, home, load.stamp, relations(load))
    return outcomes


def _given(paths: Sequence[Path]) -> Iterator[Given | FileOutcome]:
    for path in map(Path, paths):
        try:
            files = log_files(path)
        except RefusedError as error:
            yield FileOutcome(path, "refused", message=str(error))
        except OSError as error:
            yield FileOutcome(path, "refused", message=f"it cannot be read: {error.strerror}")
        else:
            # Who names a file wants it as it is; in a folder, somebody may be writing.
            yield from (Given(file, may_wait=path.is_dir()) for file in files)


@contextmanager
def storage_errors(home: Home) -> Iterator[None]:
    """Turn a full disk or a home that cannot be written into one line."""
    try:
        yield
    except BrokenPipeError:
        # Whoever reads the report went away; that says nothing about the warehouse.
        raise
    except OSError as error:
        problem = error.strerror or str(error)
        raise LandingError(f"nothing landed, {home.root} cannot be written: {problem}") from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        problem = str(error).splitlines()[0]
        raise LandingError(f"nothing landed: {problem}") from error
