"""What is asked of CVAT's ClickHouse, and what its failures mean to a person.

All SQL is plain enough for the server that CVAT ships (23.11), and needs no right but SELECT on
the one table.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import clickhouse_connect
import pyarrow as pa
import pyarrow.parquet as pq
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, StreamFailureError
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from orchestration.errors import WarehouseError
from orchestration.landing.schemas import CVAT_COLUMNS, CVAT_COLUMNS_BEFORE_2_48, SCHEMAS
from orchestration.pulls.cvat_clickhouse.settings import PASSWORD, TABLE, USER, Source
from orchestration.pulls.cvat_clickhouse.spans import Piece, shown
from orchestration.pulls.patience import BrokenError, Patience

BLOCK_BYTES = 1 << 20

CONNECT_S = 10
SILENCE_S = 300
"""How long to wait for a connection, and for the next bytes of an answer."""

_TEXTS = [name for name in CVAT_COLUMNS if SCHEMAS["cvat_events"][name] == "VARCHAR"]

_LOGIN = (
    f"it refuses the user and the password that {USER} and {PASSWORD} name"
    " (the user is `default` where none is named)"
)
_NO_TABLE = f"there is no such table: name the right one with --table or {TABLE}"
_MEANINGS = {
    60: _NO_TABLE,
    81: _NO_TABLE,
    192: _LOGIN,
    193: _LOGIN,
    194: _LOGIN,
    497: "the user may not read it: GRANT SELECT on it to the user",
    516: _LOGIN,
}
"""ClickHouse's codes of what the user can change."""


class Server(NamedTuple):
    """An open connection to one table."""

    client: Client
    source: Source
    patience: Patience

    @property
    def table(self) -> str:
        """The table as SQL names it."""
        return f"`{self.source.database}`.`{self.source.table}`"


@contextmanager
def connected(source: Source, patience: Patience) -> Iterator[Server]:
    """Connect as the user that the environment names; https checks the server's certificate.

    What is asked of the server is asked again where the connection breaks, and raises BrokenError
    when patience ends; WarehouseError for what asking again does not help.
    """
    for name in ("clickhouse_connect", "urllib3"):
        # They warn of each broken connection; what matters is said here, in one line.
        logging.getLogger(name).setLevel(logging.ERROR)
    client = patience.ask(lambda: _client(source))
    try:
        yield Server(client, source, patience)
    finally:
        client.close()


def _client(source: Source) -> Client:
    with _translated(source):
        return clickhouse_connect.get_client(
            interface=source.scheme,
            host=source.host,
            port=source.port,
            proxy_path=source.path,
            username=os.environ.get(USER) or "default",
            password=os.environ.get(PASSWORD, ""),
            connect_timeout=CONNECT_S,
            send_receive_timeout=SILENCE_S,
            # Parquet is compressed already.
            compress=False,
            autogenerate_session_id=False,
            dedicated_pool=True,
        )


def columns(server: Server) -> tuple[list[str], list[str]]:
    """Return the columns of CVAT's events that the table has, and those nobody here knows.

    Raises WarehouseError where one is missing that each version of CVAT has.
    """
    names = [row[0] for row in _rows(server, f"describe table {server.table}")]
    missing = [name for name in CVAT_COLUMNS_BEFORE_2_48 if name not in names]
    if missing:
        raise WarehouseError(
            f"{server.source} is no table of CVAT events: it has no {', '.join(missing)}"
        )
    known = [name for name in CVAT_COLUMNS if name in names]
    return known, [name for name in names if name not in CVAT_COLUMNS]


def counted(server: Server, width: int, start: int | None, end: int | None) -> list[Piece]:
    """Return the rows between two times, of each span of that width (ms) that has any."""
    found = _rows(
        server,
        f"""
        select ms - positiveModulo(ms, {width}) as start, count()
        from (
            select toUnixTimestamp64Milli(timestamp) as ms
            from {server.table}
            where {_within(start, end)}
        )
        group by start
        order by start
        """,
    )
    return [Piece(int(at), int(at) + width, int(rows)) for at, rows in found]


def read(server: Server, names: Sequence[str], spans: Sequence[Piece], path: Path) -> None:
    """Write the rows of some spans into a Parquet file, block by block as they arrive.

    In one order for all time: what did not change is the same file again. An answer of fewer
    rows than the spans say is a broken one.
    """
    # A column can hold bytes that are no text; Parquet can hold text only.
    texts = {name: f"toValidUTF8({name}) as {name}" for name in _TEXTS}
    query = f"""
        select {", ".join(texts.get(name, name) for name in names)}
        from {server.table}
        where {" or ".join(f"({_within(span.start, span.end)})" for span in spans)}
        order by {", ".join(["timestamp", *names])}
    """
    server.patience.ask(lambda: _stream(server, query, path, sum(span.rows for span in spans)))


def _stream(server: Server, query: str, path: Path, expected: int) -> None:
    with _translated(server.source), path.open("wb") as file:
        answer = server.client.raw_stream(query, fmt="Parquet")
        try:
            for block in answer.stream(BLOCK_BYTES):
                file.write(block)
        finally:
            answer.close()
    arrived = _row_count(server.source, path)
    if arrived < expected:
        raise BrokenError(f"{server.source}: only {arrived:,} of {expected:,} rows arrived")


def _rows(server: Server, query: str) -> list[list[str]]:
    """Return a small answer as text, whole or not at all."""

    def answer() -> bytes:
        with _translated(server.source):
            # raw_query raises where an answer is cut; query may take a part for the whole.
            return server.client.raw_query(query, fmt="TabSeparated")

    lines = server.patience.ask(answer).decode().split("\n")
    return [line.split("\t") for line in lines if line]


def _within(start: int | None, end: int | None) -> str:
    # Against other literals than toDateTime64 a server of 2026 leaves out parts of the table
    # whose last second it takes for too early.
    bounds = [
        f"timestamp {sign} toDateTime64('{shown(at)}', 3, 'UTC')"
        for sign, at in ((">=", start), ("<", end))
        if at is not None
    ]
    return " and ".join(bounds) or "true"


def _row_count(source: Source, path: Path) -> int:
    try:
        return pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError) as error:
        raise BrokenError(f"{source}: {_why_cut(path)}") from error


def _why_cut(path: Path) -> str:
    """Return what ClickHouse wrote at the end of an answer that it could not finish."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 1 << 14), os.SEEK_END)
        end = file.read().decode("utf-8", "replace")
    said = re.search(r"Code: \d+\. DB::Exception: [^\r\n]*", end)
    return f"ClickHouse says: {said[0]}" if said else "the answer ended too early"


@contextmanager
def _translated(source: Source) -> Iterator[None]:
    """Turn the failures of client and transport into one line."""
    try:
        yield
    except ClickHouseError as error:
        raise _failure(source, error) from error
    except HTTPError as error:
        raise BrokenError(f"{source}: {_reason(error)}") from error


def _failure(source: Source, error: ClickHouseError) -> WarehouseError:
    code = getattr(error, "code", None)
    if code in _MEANINGS:
        return WarehouseError(f"{source}: {_MEANINGS[code]}")
    said = str(error).splitlines()[0]
    if code:
        said = re.sub(r".*?server response: | \(for url .*", "", said)
        return WarehouseError(f"{source}: ClickHouse says: {said}")
    if isinstance(error, StreamFailureError):
        return BrokenError(f"{source}: {said}")
    if isinstance(error.__cause__, HTTPError):
        failed = f"{source}: {_reason(error.__cause__)}"
        is_refused = isinstance(getattr(error.__cause__, "reason", None), SSLError)
        return WarehouseError(failed) if is_refused else BrokenError(failed)
    status = re.search(r"HTTP status (\d+)", said)
    if status and status[1].startswith("5"):
        return BrokenError(f"{source}: it answers with HTTP status {status[1]}")
    answer = f"HTTP status {status[1]}" if status else "something else"
    return WarehouseError(
        f"{source}: this is no ClickHouse, it answers with {answer};"
        " ClickHouse speaks HTTP on port 8123, HTTPS on 8443"
    )


def _reason(error: HTTPError) -> str:
    """Return what happened without the names of urllib3's objects."""
    if isinstance(error, MaxRetryError) and error.reason:
        return f"it cannot be reached: {_plain(error.reason)}"
    return f"the connection broke: {_plain(error)}"


def _plain(error: Exception) -> str:
    said = str(error.args[0] if error.args else type(error).__name__)
    return re.sub(r"^HTTPS?Connection(Pool)?\([^)]*\): |^Connection broken: ", "", said)
