"""Start such a server, fill it, let it misbehave."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.home import PROJECT

USER, PASSWORD = "warehouse", "open sesame"

COLUMNS = """
    `scope` String NOT NULL,
    `obj_name` String NULL,
    `obj_id` UInt64 NULL,
    `obj_val` String NULL,
    `source` String NOT NULL,
    `timestamp` DateTime64(3, 'Etc/UTC') NOT NULL,
    `count` UInt16 NULL,
    `duration` UInt32 DEFAULT toUInt32(0),
    `project_id` UInt64 NULL,
    `task_id` UInt64 NULL,
    `job_id` UInt64 NULL,
    `user_id` UInt64 NULL,
    `user_name` String NULL,
    `user_email` String NULL,
    `org_id` UInt64 NULL,
    `org_slug` String NULL,
    `payload` String NULL
"""
"""Of CVAT's table before 2.48."""

TOKEN = ", `access_token_id` UInt64 NULL"
"""The column that 2.48 added."""


@dataclass(frozen=True)
class ClickHouse:
    """A running server."""

    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, query: str) -> str:
        """Return what the server answers to SQL, as text with tabs."""
        return self._post("/", query)

    def create(self, table: str = "cvat.events", columns: str = COLUMNS + TOKEN) -> None:
        """Make an empty table as CVAT makes its own; what had that name is gone."""
        self.ask(f"create database if not exists {table.partition('.')[0]}")
        self.ask(f"drop table if exists {table}")
        self.ask(
            f"create table {table} ({columns}) engine = MergeTree"
            " partition by toYYYYMM(timestamp) order by (timestamp)"
            " settings index_granularity = 8192"
        )

    def behave(self, **behaviour: int | list[int]) -> None:
        """Misbehave from now on as server.py says, or not at all; what was asked is forgotten."""
        self._post("/behave", json.dumps(behaviour))

    def asked(self) -> list[str]:
        """Return the queries since the last `behave`."""
        with urllib.request.urlopen(f"{self.url}/asked") as answer:
            return json.loads(answer.read())

    def _post(self, path: str, body: str) -> str:
        request = urllib.request.Request(f"{self.url}{path}", body.encode(), method="POST")
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()


@contextmanager
def clickhouse(folder: Path) -> Iterator[ClickHouse]:
    """Run a server that keeps its tables in a folder."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.clickhouse.server", str(folder), USER, PASSWORD],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield ClickHouse(int(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait()
