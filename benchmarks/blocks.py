"""How many bytes the tables of a DuckDB file take, by the blocks that hold them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb

TABLES = """
    select schema_name, table_name from duckdb_tables()
    where not internal and database_name = current_database()
"""

BLOCKS = """
    select block_id, additional_block_ids from pragma_storage_info('{schema}.{table}')
    where persistent
"""


def bytes_of(file: Path) -> dict[str, int]:
    """Return 'schema.table' -> bytes for every table of the file."""
    with duckdb.connect(str(file), read_only=True) as warehouse:
        (block,) = warehouse.execute("select block_size from pragma_database_size()").fetchone()
        found: dict[str, int] = {}
        for schema, table in warehouse.execute(TABLES).fetchall():
            blocks: set[int] = set()
            statement = BLOCKS.format(schema=schema, table=table)
            for first, more in warehouse.execute(statement).fetchall():
                blocks.update(more or [])
                # A column with one value has no block.
                if first is not None and first >= 0:
                    blocks.add(first)
            found[f"{schema}.{table}"] = len(blocks) * block
    return found


def bytes_by_part(file: Path) -> dict[str, int]:
    """Return what the parts of a warehouse take: events, other facts, rollups, the rest."""
    parts: defaultdict[str, int] = defaultdict(int)
    for name, size in bytes_of(file).items():
        parts[_part(name)] += size
    return dict(parts)


def _part(name: str) -> str:
    if name == "core.fct_events":
        return "events"
    if name.startswith("core.fct_"):
        return "other facts"
    return "rollups" if name.startswith("rollups.") else "the rest"
