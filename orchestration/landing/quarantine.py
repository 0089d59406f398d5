"""What is in quarantine, and what has left it: the lake asked by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.home import Home
from orchestration.landing.lake import ensure_lake, stored
from orchestration.landing.outcome import LandingError


@dataclass(frozen=True)
class Quarantined:
    """One row in quarantine, without its text."""

    number: int
    file_name: str
    line_number: int
    unit: str
    reason: str
    detail: str
    source: str
    mended_by: str | None
    """The name of the file that holds it mended, None while it is in quarantine."""
    mended_by_id: str | None
    mended_at: datetime | None
    """UTC."""


@dataclass(frozen=True)
class Details:
    """What else is known of a row, and the text of it."""

    file_path: str
    file_id: str
    format: str
    line_position: int
    landed_at: datetime
    """UTC."""
    load_id: str
    mended_line: int | None
    mended_load_id: str | None
    raw_text: str


def waiting(
    home: Home, *, reason: str | None = None, file_name: str | None = None, limit: int | None = None
) -> tuple[int, list[Quarantined]]:
    """Return how many rows are in quarantine, and the first of them in the order of number."""
    where, values = "mended_by_id is null", []
    for column, value in (("reason", reason), ("file_name", file_name)):
        if value is not None:
            where += f" and {column} = ?"
            values.append(value)
    with _asked(home) as connection:
        (count,) = connection.execute(
            f"select count(*) from ({_rows(home)}) where {where}", values
        ).fetchone()
        found = connection.execute(
            f"select {_columns(Quarantined)} from ({_rows(home)}) where {where} order by number"
            + (f" limit {limit}" if limit is not None else ""),
            values,
        )
        return count, [Quarantined(*row) for row in found.fetchall()]


def numbered(
    connection: duckdb.DuckDBPyConnection, home: Home, numbers: Sequence[int]
) -> list[Quarantined]:
    """Return the rows of these numbers in their order, mended ones included.

    Raises LandingError where there is no such number.
    """
    found = connection.execute(
        f"select {_columns(Quarantined)} from ({_rows(home)}) where number in"
        " (select unnest(?::bigint[]))",
        [list(numbers)],
    )
    rows = {row.number: row for row in (Quarantined(*values) for values in found.fetchall())}
    for number in numbers:
        if number not in rows:
            raise LandingError(
                f"no row of quarantine has the number {number}; see: warehouse quarantine list"
            )
    return [rows[number] for number in numbers]


def described(home: Home, number: int) -> tuple[Quarantined, Details]:
    """Return all that is known of one row. Raises LandingError where there is no such number."""
    with _asked(home) as connection:
        (row,) = numbered(connection, home, [number])
        found = connection.execute(
            f"select {_columns(Details)} from ({_rows(home)}) where number = ?", [number]
        )
        return row, Details(*found.fetchone())


def _asked(home: Home) -> duckdb.DuckDBPyConnection:
    if not home.lake.is_dir():
        raise LandingError(f"nothing has landed in {home.root}. Run: warehouse land PATH")
    ensure_lake(home)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    return connection


def _columns(kind: type) -> str:
    return ", ".join(kind.__dataclass_fields__)


def _rows(home: Home) -> str:
    return f"""
        select
            bad.quarantine_number as number, bad.file_name, bad.line_number, bad.unit, bad.reason,
            bad.detail, files.source, by_file.file_name as mended_by,
            mended.file_id as mended_by_id, mended.mended_at, files.file_path, bad.file_id,
            files.format, bad.line_position, bad.landed_at, bad.load_id,
            mended.line_number as mended_line, mended.load_id as mended_load_id, bad.raw_text
        from {stored(home, "quarantine")} as bad
        inner join {stored(home, "files")} as files on bad.file_id = files.file_id
        left join {stored(home, "mended")} as mended
            on bad.quarantine_number = mended.quarantine_number
        left join {stored(home, "files")} as by_file on mended.file_id = by_file.file_id
    """
