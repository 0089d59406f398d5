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
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file. Raises WarehouseError where that cannot be done.

    What does not fit into memory is written to the system's folder for temporary files: who reads
    the published file need not be allowed to write beside it.
    """
    with tempfile.TemporaryDirectory(prefix="warehouse-export-") as folder:
        try:
            connection = duckdb.connect(
                str(file),
                read_only=True,
                config={
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": folder,
                    # A handful of long payloads must not be too much for one batch.
                    "arrow_large_buffer_size": True,
                },
            )
            connection.execute("set TimeZone = 'UTC'")
        except duckdb.Error as error:
            line = str(error).splitlines()[0]
            raise WarehouseError(f"{file} cannot be read: {line}") from error
        with connection:
            yield connection
