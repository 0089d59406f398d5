"""Where CVAT's ClickHouse is, who reads it, and how much of it is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from orchestration.days import read_day
from orchestration.errors import UsageError

URL = "WAREHOUSE_CVAT_CLICKHOUSE_URL"
TABLE = "WAREHOUSE_CVAT_CLICKHOUSE_TABLE"
SINCE = "WAREHOUSE_CVAT_CLICKHOUSE_SINCE"
"""Where a scheduled pull finds what a command is told."""

USER = "CVAT_CLICKHOUSE_USER"
PASSWORD = "CVAT_CLICKHOUSE_PASSWORD"
"""Where both find who reads: a secret stands on no command line."""

CVAT_TABLE = "cvat.events"

PORTS = {"http": 8123, "https": 8443}
"""Where ClickHouse speaks HTTP."""

OVERLAP_DAYS = 1
SLICE_ROWS = 200_000


@dataclass(frozen=True)
class Source:
    """One table of one server. `str()` names it to a person; it holds no secret."""

    scheme: str
    host: str
    port: int
    path: str
    """What a proxy wants before ClickHouse's own path, mostly nothing."""
    database: str
    table: str

    def __str__(self) -> str:
        """Return table and address."""
        return f"{self.database}.{self.table} at {self.scheme}://{self.place}{self.path}"

    @property
    def place(self) -> str:
        """Host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def file_name(self) -> str:
        """The same as a part of a file name."""
        text = f"{self.place}{self.path}_{self.database}.{self.table}"
        return re.sub(r"[^\w.-]+", "_", text)


@dataclass(frozen=True)
class Order:
    """What one pull is to do."""

    source: Source
    since: date | None = None
    """The first day (UTC) that is wanted; all from the table's first row on without it."""
    until: date | None = None
    """The last day that is wanted; all up to the table's last row without it."""
    overlap_days: int = OVERLAP_DAYS
    """For how many days before today it is noted minute by minute what has landed."""
    slice_rows: int = SLICE_ROWS
    """How many rows one slice holds at most, unless one ms holds more."""


def configured(environment: Mapping[str, str]) -> Order | None:
    """Return the order of a scheduled pull, None where none is set up.

    Raises UsageError, naming the variable, for a setting that cannot be right.
    """
    if not environment.get(URL):
        return None
    table = environment.get(TABLE) or CVAT_TABLE
    return Order(
        source_of(environment[URL], table, (URL, TABLE)),
        since=read_day(environment.get(SINCE, ""), SINCE),
    )


def source_of(url: str, table: str, names: tuple[str, str]) -> Source:
    """Return the source that an address and a table's name mean.

    `names` are what the user knows the two by. Raises UsageError, which never shows the address,
    since somebody may have written a password into it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts = None
    if parts is None or not parts.hostname:
        raise UsageError(f"{names[0]} must be an address such as https://cvat.example.com:8443")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{names[0]} must be without user and password: set {USER} and {PASSWORD} instead"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"{names[0]} must end with its path: leave out what follows ? or #")
    database, dot, name = table.rpartition(".")
    if not dot or not all(re.fullmatch(r"[\w-]+", part) for part in (database, name)):
        raise UsageError(f"{names[1]} is {table!r}; it must be a table such as {CVAT_TABLE}")
    return Source(parts.scheme, parts.hostname, port, parts.path.rstrip("/"), database, name)
