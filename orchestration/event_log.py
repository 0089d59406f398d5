"""Dagster's record of what happened in runs, with an engine that is kept for each of its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import Connection, Engine


class EventLog(SqliteEventLogStorage):
    """Dagster's own, in the same files.

    Dagster makes an engine of SQLAlchemy for each statement, which then compiles that statement
    anew: some thousand times in a run of some hundred assets and checks.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Take the folder of the files, as Dagster's own does."""
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> EventLog:
        """Return the storage that a `dagster.yaml` describes; Dagster's own names its class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                engine = create_engine(
                    self.conn_string_for_shard(shard),
                    # Who watches a run is told of it when a connection closes.
                    poolclass=NullPool,
                    connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
                )
                self._initdb(engine)
                self._engines[shard] = engine
            with self._engines[shard].begin() as connection:
                yield connection
