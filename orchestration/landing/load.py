"""One call of land while it runs: its connection, its scratch folder, what it has read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.home import Home
from orchestration.landing import lake, sql
from orchestration.landing.outcome import FileOutcome
from orchestration.landing.stage import Stage

MEMORY_LIMIT = "1GB"
_SCRATCH = "landing-"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file whose rows wait in scratch for the end of their load."""

    outcome: FileOutcome
    landed: lake.LandedFile


@dataclass
class Load:
    """What the files of one call share."""

    connection: duckdb.DuckDBPyConnection
    stamp: lake.LoadStamp
    scratch: Path
    source: str | None
    by_place: dict[tuple[str, int, int], lake.LandedFile]
    """(absolute path, bytes, mtime in us) -> what landed from there."""
    by_content: dict[str, lake.LandedFile]
    """sha256 -> what landed with it."""
    last_number: int
    """The highest number in quarantine, 0 where it is empty."""
    staged: list[StagedFile] = field(default_factory=list)
    """In the order in which they were given."""
    stages: list[Stage] = field(default_factory=list)
    """The rows of all of them, and of no other file."""

    def new_folder(self) -> Path:
        """Return a new folder in scratch."""
        return Path(tempfile.mkdtemp(dir=self.scratch))


@contextmanager
def new_load(home: Home, source: str | None) -> Iterator[Load]:
    """Begin a load, without what a killed one left behind; its scratch folder goes at the end."""
    lake.ensure_lake(home)
    lake.remove_unfinished(home)
    home.scratch.mkdir(parents=True, exist_ok=True)
    for left in home.scratch.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=home.scratch) as scratch,
        duckdb.connect() as connection,
    ):
        # Rows stay in their order: a second thread would mostly wait, which costs CPU, too, and
        # hold twice the memory.
        connection.execute(
            "set threads = 1;"
            f" set memory_limit = '{MEMORY_LIMIT}'; set TimeZone = 'UTC';"
            f" set preserve_insertion_order = true; set temp_directory = {sql.text(scratch)};"
            " set enable_progress_bar = false"
        )
        known = lake.manifest(connection, home)
        yield Load(
            connection=connection,
            stamp=lake.LoadStamp.now(),
            scratch=Path(scratch),
            source=source,
            by_place={(row.file_path, row.byte_count, row.modified_us): row for row in known},
            by_content={row.sha256: row for row in known},
            last_number=lake.last_number(connection, home),
        )
