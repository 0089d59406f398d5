"""A published file (or a build), opened for explaining: attached to an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import WarehouseError

FILE = "warehouse"
"""The name that the opened file has inside."""


@contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file read-only.

    Raises WarehouseError where that cannot be done, or where the file turns out to lack something.
    """
    with duckdb.connect() as engine:
        try:
            engine.execute(
                f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as {FILE} (read_only)"
            )
        except duckdb.Error as error:
            line = str(error).splitlines()[0]
            raise WarehouseError(f"{file} cannot be read: {line}") from error
        try:
            yield engine
        except duckdb.Error as error:
            line = str(error).splitlines()[0]
            raise WarehouseError(
                f"{file} cannot be explained; was it made by another version? {line}"
            ) from error


def read(engine: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    """Return the rows that a query over the file's relations gives, as column -> value."""
    engine.execute(f"use {FILE}")
    try:
        return rows(engine, sql)
    finally:
        engine.execute("use memory")


def rows(engine: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    """Return the rows of a query as column -> value."""
    result = engine.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def literal(value: object) -> str:
    """Return a value of a row as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value)
    text = repr(value) if isinstance(value, float) else str(value)
    return "'" + text.replace("'", "''") + "'"


def matching(row: dict[str, object], columns: list[str]) -> str:
    """Return the condition that these columns have the values that they have in the row."""
    terms = [f'"{name}" is not distinct from {literal(row[name])}' for name in columns]
    return " and ".join(terms) or "true"
