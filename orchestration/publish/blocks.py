"""Which blocks of a DuckDB file hold what: a dropped table leaves its own in the file, unused."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

import duckdb

from orchestration.publish.copying import Part

HEADER_BYTES = 3 * 4096
"""What stands before the first block."""

MEMORY_LIMIT = "100MB"
"""Naming the blocks of a table reads them; none of them is needed twice."""

_TABLES = """
    select schema_name, table_name from duckdb_tables()
    where not internal and database_name = current_database()
"""
_BLOCKS = """
    select block_id, additional_block_ids from pragma_storage_info('{}') where persistent
"""


def blocks_of_tables(file: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[int]]:
    """Return (schema, table) -> the numbers of the blocks that hold its rows."""
    found: dict[tuple[str, str], set[int]] = {}
    for schema, table in file.execute(_TABLES).fetchall():
        name = f'"{schema}"."{table}"'.replace("'", "''")
        blocks = found[schema, table] = set()
        for first, more in file.execute(_BLOCKS.format(name)).fetchall():
            blocks.update(more or [])
            # A column with one value has no block.
            if first is not None and first >= 0:
                blocks.add(first)
    return found


def parts_with(
    file: Path, needed: Callable[[duckdb.DuckDBPyConnection], Container[tuple[str, str]]]
) -> list[Part] | None:
    """Return the parts of a file that hold its catalog and the relations that are `needed`.

    None where some blocks hold neither catalog nor rows, as those of an index do: nobody here
    knows which. The file has no log beside it.
    """
    with duckdb.connect(str(file), read_only=True) as opened:
        opened.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        size, used = opened.execute(
            "select block_size, used_blocks from pragma_database_size()"
        ).fetchone()
        rows = opened.execute("select block_id from pragma_metadata_info()").fetchall()
        catalog = {number for (number,) in rows}
        tables = blocks_of_tables(opened)
        kept = needed(opened)
    if len(catalog.union(*tables.values())) != used:
        return None
    blocks_kept = (blocks for name, blocks in tables.items() if name in kept)
    return list(_parts(catalog.union(*blocks_kept), size))


def _parts(blocks: Iterable[int], size: int) -> Iterator[Part]:
    """Yield where the header and the blocks lie, neighbours as one part."""
    start, end = 0, HEADER_BYTES
    for block in sorted(blocks):
        at = HEADER_BYTES + block * size
        if at != end:
            yield start, end
            start = at
        end = at + size
    yield start, end
