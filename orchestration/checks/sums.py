"""What a table adds up to: enough to see that two states of it differ, and roughly by how much."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.publish.state import quoted
from orchestration.terminal import plural

COMPARED_SCHEMAS = ("core", "rollups", "reports")

COLUMNS_NAMED = 4
"""How many columns that differ a line names; it counts the others."""

NUMBER = re.compile(r"TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)")
"""Types whose sum says something. Unsigned ones hold keys here."""


class ColumnSums(NamedTuple):
    """What a column adds up to."""

    hashes: int
    """Sum of the hashes of its values: equal for equal values, in whichever rows they stand."""
    total: float | int | None
    """Sum of its numbers; null where they are no numbers."""


class TableSums(NamedTuple):
    """What a table adds up to."""

    rows: int
    hashes: int
    """Sum of the hashes of its rows."""
    columns: dict[str, ColumnSums]

    @property
    def identity(self) -> tuple[int, int, list[str]]:
        """What equal tables have in common, and different ones have not but by a rare chance.

        Sums of floating-point numbers are left out: they depend on the order of adding.
        """
        return self.rows, self.hashes, list(self.columns)


def sums_of(file: Path) -> dict[str, TableSums]:
    """Return `schema.table` -> sums, for each table of the compared schemas of a closed file.

    Each is read once, and only its sums are held. Views of roll-ups and reports hold nothing of
    their own: where all tables are equal, so are they. Those of core show what was staged.
    """
    with duckdb.connect(str(file), read_only=True) as state:
        tables = state.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = current_database() and schema_name in"
            f" {COMPARED_SCHEMAS}"
            " union all select schema_name, view_name from duckdb_views()"
            " where database_name = current_database() and schema_name = 'core'"
            " order by all"
        ).fetchall()
        return {f"{schema}.{name}": _sums(state, schema, name) for schema, name in tables}


def differences(before: dict[str, TableSums], after: dict[str, TableSums]) -> list[str]:
    """Return one line for each table that is not what it was before, which says by how much."""
    found = []
    for name in sorted(before | after):
        if name not in after:
            found.append(f"{name}: is gone; it had {plural(before[name].rows, 'row')}")
        elif name not in before:
            found.append(f"{name}: was not there; it has {plural(after[name].rows, 'row')}")
        elif before[name].identity != after[name].identity:
            found.append(f"{name}: {_difference(before[name], after[name])}")
    return found


def _sums(state: duckdb.DuckDBPyConnection, schema: str, name: str) -> TableSums:
    table = f"{quoted(schema)}.{quoted(name)}"
    types = {column: type_ for column, type_, *_ in state.execute(f"describe {table}").fetchall()}
    every = ", ".join(quoted(column) for column in types)
    asked = ["count(*)", f"coalesce(sum(hash({every})), 0)"]
    for column, type_ in types.items():
        asked.append(f"coalesce(sum(hash({quoted(column)})), 0)")
        asked.append(f"sum({quoted(column)})" if NUMBER.fullmatch(type_) else "null")
    rows, hashes, *rest = state.execute(f"select {', '.join(asked)} from {table}").fetchone()
    columns = {
        column: ColumnSums(int(of_hashes), _number(total))
        for column, of_hashes, total in zip(types, rest[::2], rest[1::2], strict=True)
    }
    return TableSums(rows, int(hashes), columns)


def _number(total: object) -> float | int | None:
    if total is None or isinstance(total, (int, float)):
        return total
    return float(str(total))


def _difference(before: TableSums, after: TableSums) -> str:
    parts = []
    if before.rows != after.rows:
        parts.append(f"{after.rows - before.rows:+,} rows to {after.rows:,}")
    columns = [
        said
        for column in before.columns | after.columns
        if (said := _changed(column, before.columns.get(column), after.columns.get(column)))
    ]
    parts += columns[:COLUMNS_NAMED]
    if len(columns) > COLUMNS_NAMED:
        parts.append(f"{len(columns) - COLUMNS_NAMED} more columns")
    return ", ".join(parts) or "the same values in each column, but in other rows"


def _changed(column: str, before: ColumnSums | None, after: ColumnSums | None) -> str | None:
    """Return how a column differs, None where it does not."""
    if before is None or after is None:
        return f"{column} is {'new' if before is None else 'gone'}"
    if before.hashes == after.hashes:
        return None
    if before.total is None or after.total is None or before.total == after.total:
        return f"{column} differs"
    places = ".3f" if isinstance(after.total - before.total, float) else ""
    return f"sum of {column} {after.total - before.total:+,{places}} to {after.total:,{places}}"
