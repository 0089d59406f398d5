"""Where two warehouses differ."""

from __future__ import annotations

from pathlib import Path

import duckdb

SCHEMAS = ("staging", "intermediate", "core", "rollups", "measures", "reports", "quality")
"""What is compared, and in what order: a difference comes before those that follow from it."""

BOOKKEEPING = (
    "stg_new_files",
    "stg_touched_days",
    "int_touched_users",
    "loads_built",
    "touched_lives",
)
"""What builds note about themselves: it says which loads came when, not what they hold."""

OF_LOADS = ("load_id", "landed_at", "mended_at", "mended_by_load_id", "quarantine_number")
"""Columns that name a load, its time, or a row by the order of landing: they differ between homes
that landed the same files. Left out in staging and quality alone; all other columns are a function
of the files' content, also which copy of a row counts."""

SHOWN = 3


def differences(
    left: Path, right: Path, *, shown: int = SHOWN, only: str | None = None
) -> list[str]:
    """Return one text for each table or view that is not the same in two build files.

    It shows the first rows of each side. `only` names the one relation to compare, such as
    `core.fct_events`. Relations are compared as bags of rows: their sums of hashes first, which
    two unlike bags share once in 2**64; EXCEPT ALL, both ways, then says which rows differ.
    """
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
        engine.execute(f"attach '{left}' as left_side (read_only)")
        engine.execute(f"attach '{right}' as right_side (read_only)")
        columns = {side: _columns(engine, side) for side in ("left_side", "right_side")}
        found = []
        relations = {*columns["left_side"], *columns["right_side"]}
        for relation in sorted(relations, key=lambda one: (SCHEMAS.index(one[0]), one[1])):
            ours, theirs = (columns[side].get(relation) for side in columns)
            name = ".".join(relation)
            if only not in (None, name):
                continue
            if ours is None or theirs is None:
                found.append(f"{name}: missing {'left' if ours is None else 'right'}")
            elif ours != theirs:
                found.append(f"{name}: columns {ours} left, {theirs} right")
            elif difference := _difference(engine, relation, ours, shown):
                found.append(difference)
    return found


Relation = tuple[str, str]
Columns = tuple[tuple[str, str], ...]


def _columns(engine: duckdb.DuckDBPyConnection, side: str) -> dict[Relation, Columns]:
    """Return the compared columns of each relation, by name: (name, type)."""
    rows = engine.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? order by schema_name, table_name, column_index",
        [side],
    ).fetchall()
    found: dict[Relation, list[tuple[str, str]]] = {}
    for schema, table, column, kind in rows:
        if schema not in SCHEMAS or table in BOOKKEEPING:
            continue
        kept = found.setdefault((schema, table), [])
        if not (schema in ("quality", "staging") and column in OF_LOADS):
            kept.append((column, kind))
    return {relation: tuple(columns) for relation, columns in found.items()}


def _difference(
    engine: duckdb.DuckDBPyConnection, relation: Relation, columns: Columns, shown: int
) -> str | None:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    place = ".".join(f'"{part}"' for part in relation)
    selects = [f"select {names} from {side}.{place}" for side in ("left_side", "right_side")]
    summed = "select count(*), sum(hash(one_row)) from ({}) as one_row"
    sums = [engine.execute(summed.format(select)).fetchone() for select in selects]
    if sums[0] == sums[1]:
        return None
    lines = [f"{'.'.join(relation)}: {sums[0][0]} rows left, {sums[1][0]} rows right"]
    for label, (ours, theirs) in (("left", selects), ("right", selects[::-1])):
        rows = engine.execute(f"({ours}) except all ({theirs}) order by all")
        some = rows.fetchmany(shown)
        more = len(rows.fetchall())
        lines += [f"  only {label}: {_shown(columns, row)}" for row in some]
        lines += [f"  only {label}: … {more} more"] if more else []
    return "\n".join(lines)


def _shown(columns: Columns, row: tuple) -> str:
    """Return what a row holds, without what it does not know."""
    known = ((name, value) for (name, _), value in zip(columns, row, strict=True))
    return ", ".join(f"{name}={value}" for name, value in known if value is not None)
