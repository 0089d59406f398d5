"""The published warehouse, open for many readers at once, and opened anew when it was replaced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb

from serving.refusal import Refused


@dataclass
class _Opened:
    """One publication, held open while anybody reads it."""

    identity: tuple[int, int, int]
    instance: duckdb.DuckDBPyConnection
    readers: int = 0


class Publications:
    """Gives connections to the newest publication.

    A reader stays on the publication that it began with; the next one gets the newest. One is
    closed when a newer one is there and its last reader is gone.
    """

    def __init__(self, file: Path, *, memory_limit: str = "1GB", threads: int = 2) -> None:
        """Name the published file; nothing is opened before the first reader."""
        self._file = file
        self._settings = {"memory_limit": memory_limit, "threads": threads}
        self._lock = Lock()
        self._current: _Opened | None = None

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the newest publication for one request. Raises Refused (503) where none can be read.

        The connection is of its own thread and its own request; many may be open at once.
        """
        opened = self._enter()
        try:
            connection = opened.instance.cursor()
            connection.execute("use warehouse")
            connection.execute("set TimeZone = 'UTC'")
            with connection:
                yield connection
        finally:
            self._leave(opened)

    def close(self) -> None:
        """Close what is open. Readers that are still at it end first."""
        with self._lock:
            opened, self._current = self._current, None
            if opened and not opened.readers:
                opened.instance.close()

    def _enter(self) -> _Opened:
        with self._lock:
            try:
                status = self._file.stat()
            except OSError:
                raise Refused(503, "Nothing is published yet. Run: warehouse refresh") from None
            identity = (status.st_dev, status.st_ino, status.st_mtime_ns)
            if self._current is None or self._current.identity != identity:
                before, self._current = self._current, _Opened(identity, self._open())
                if before and not before.readers:
                    before.instance.close()
            self._current.readers += 1
            return self._current

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.readers -= 1
            if not opened.readers and opened is not self._current:
                opened.instance.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        # DuckDB gives one instance for each path of a process: opened directly, a replaced file
        # would be read as it was for as long as anybody reads. An instance in memory is always new.
        instance = duckdb.connect(":memory:", config=self._settings)
        place = os.fspath(self._file).replace("'", "''")
        try:
            instance.execute(f"attach '{place}' as warehouse (read_only)")
        except duckdb.Error as error:
            instance.close()
            line = str(error).splitlines()[0]
            raise Refused(503, f"The published warehouse cannot be read: {line}") from error
        return instance
