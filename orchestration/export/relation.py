"""Any relation of the warehouse as CSV, Parquet or JSON lines, written by DuckDB."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import duckdb

from orchestration.errors import UsageError, WarehouseError
from orchestration.publish.state import quoted

FORMATS = {
    "csv": "format csv, header true",
    "parquet": "format parquet, compression zstd",
    "json": "format json",
}
"""What a relation can be written as -> how DuckDB is told so."""

NEAR = 3
"""How many names that are like an unknown one are said."""


def find_relation(warehouse: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the relation of that name, `schema.relation`, as SQL. Raises UsageError."""
    known = [
        f"{schema}.{relation}"
        for schema, relation in warehouse.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_database() order by all"
        ).fetchall()
    ]
    if name in known:
        return ".".join(map(quoted, name.split(".", 1)))
    bare = name.rpartition(".")[2]
    namesakes = [one for one in known if one.split(".", 1)[1] == bare]
    near = namesakes[:NEAR] or get_close_matches(name, known, n=NEAR)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Names are such as core.dim_users"
    raise UsageError(f"There is no relation {name!r} in it. {hint}")


def rows_of(warehouse: duckdb.DuckDBPyConnection, relation: str, where: str) -> str:
    """Return the query of those rows in the order of their columns, so that equal is equal.

    Raises UsageError where the condition is no SQL over the columns.
    """
    # The line break ends a comment within the condition.
    query = f"select * from {relation} where ({where}\n) order by all"
    try:
        warehouse.execute(f"describe {query}")
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise UsageError(f"--where {where!r} cannot be asked of {relation}: {line}") from error
    return query


def copy_relation(
    warehouse: duckdb.DuckDBPyConnection, query: str, format: str, target: Path | str
) -> None:
    """Write the rows of a query to a new file. Raises WarehouseError where that fails."""
    place = str(target).replace("'", "''")
    try:
        # Whoever calls gives a name that nobody looks at before the file is whole.
        warehouse.execute(f"copy ({query}) to '{place}' ({FORMATS[format]}, use_tmp_file false)")
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"The rows cannot be exported: {line}") from error
