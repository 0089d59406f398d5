"""A published file (or a build), opened for an export: within a set memory, and read-only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import WarehouseError

MEMORY_LIMIT = "512MB"
"""What sorting may hold in memory; the rest waits on disk."""


@contextmanager
def opened(file: Path, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file. Raises WarehouseError where that cannot be done.

    What does not fit into memory is written to a folder of its own within `spill`, without it
    within the system's folder for temporary files: who reads the published file need not be allowed
    to write beside it.
    """
    with tempfile.TemporaryDirectory(prefix="warehouse-export-", dir=spill) as folder:
        # DuckDB gives one instance for each path of a process: opened directly, a file that was
        # replaced would be read as it was for as long as another export still reads the old one.
        # An instance in memory is always new, and so has a memory limit of its own.
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": folder,
                # A handful of long payloads must not be too much for one batch.
                "arrow_large_buffer_size": True,
            },
        )
        with connection:
            place = str(file).replace("'", "''")
            try:
                connection.execute(f"attach '{place}' as warehouse (read_only)")
                connection.execute("use warehouse")
                connection.execute("set TimeZone = 'UTC'")
            except duckdb.Error as error:
                line = str(error).splitlines()[0]
                raise WarehouseError(f"{file} cannot be read: {line}") from error
            yield connection
