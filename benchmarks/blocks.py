"""How many bytes the tables of a DuckDB file take, by the blocks that hold them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb

from orchestration.publish.blocks import blocks_of_tables


def bytes_of(file: Path) -> dict[str, int]:
    """Return 'schema.table' -> bytes for every table of the file."""
    with duckdb.connect(str(file), read_only=True) as warehouse:
        (size,) = warehouse.execute("select block_size from pragma_database_size()").fetchone()
        return {
            f"{schema}.{table}": len(blocks) * size
            for (schema, table), blocks in blocks_of_tables(warehouse).items()
        }


def bytes_by_part(file: Path) -> dict[str, int]:
    """Return what the parts of a warehouse take: the events as staged, facts, rollups, the rest."""
    parts: defaultdict[str, int] = defaultdict(int)
    for name, size in bytes_of(file).items():
        parts[_part(name)] += size
    return dict(parts)


def _part(name: str) -> str:
    schema, _, table = name.partition(".")
    if schema == "staging":
        return "events"
    if schema == "core" and table.startswith("fct_"):
        return "facts"
    return "rollups" if schema == "rollups" else "the rest"
