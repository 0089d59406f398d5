"""The relations of a load, as queries over what its files left in scratch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.landing import sql
from orchestration.landing.load import Load
from orchestration.landing.schemas import SCHEMAS, SOURCES, UNITS
from orchestration.landing.stage import Stage


def relations(load: Load) -> dict[str, str]:
    """Return the query of each relation that has rows in this load."""
    queries = {"files": _manifest_rows(load)}
    for source in SOURCES:
        units = [
            one.stage.units
            for one in load.staged
            if one.outcome.source == source and one.outcome.landed > one.outcome.quarantined
        ]
        if units:
            columns = ", ".join(map(sql.name, SCHEMAS[source]))
            queries[source] = f"select {columns} from {_parquet(units)} where reason is null"
    bad = [
        f"select {sql.text(one.outcome.file_id)} as file_id, {sql.text(one.name)} as file_name,"
        f" {sql.text(load.stamp.load_id)} as load_id, {load.stamp.landed_at_sql} as landed_at, *"
        f" from ({bad_units(one.outcome.source, one.stage)})"
        for one in load.staged
        if one.outcome.reasons
    ]
    if bad:
        queries["quarantine"] = (
            f"select * from ({' union all '.join(bad)}) order by file_id, line_number"
        )
    return queries


def bad_units(source: str, stage: Stage) -> str:
    """Return all that is bad of a file: line_number, unit, reason, detail, raw_text."""
    unit = f"{sql.text(UNITS[source])} as unit"
    columns = f"line_number, {unit}, reason, detail, raw_text"
    parts = [f"select {columns} from {sql.parquet(path)}" for path in stage.rejects]
    if not stage.rejects_hold_all:
        parts.append(f"select {columns} from {sql.parquet(stage.units)} where reason is not null")
    if source == "cvat_client_batches":
        parts.append(
            "select line_number, unnest(bad_events, recursive := true)"
            f" from {sql.parquet(stage.units)} where len(bad_events) > 0"
        )
    return " union all ".join(parts)


def counts(
    connection: duckdb.DuckDBPyConnection, source: str, stage: Stage
) -> tuple[int, list[tuple[str, str, int]]]:
    """Return the number of good units and (unit, reason, number) of what is bad."""
    (good,) = connection.execute(
        f"select count(*) from {sql.parquet(stage.units)} where reason is null"
    ).fetchone()
    bad = connection.execute(
        f"select unit, reason, count(*) from ({bad_units(source, stage)})"
        " group by all order by 3 desc, 2, 1"
    )
    return good, bad.fetchall()


def _manifest_rows(load: Load) -> str:
    rows = (
        {
            "file_id": sql.text(one.outcome.file_id),
            "sha256": sql.text(one.sha256),
            "file_name": sql.text(one.name),
            "file_path": sql.text(one.place),
            "source": sql.text(one.outcome.source),
            "format": sql.text(one.outcome.format),
            "byte_count": str(one.stat.st_size),
            "modified_at": f"make_timestamp({one.stat.st_mtime_ns // 1000})",
            "landed_count": str(one.outcome.landed),
            "quarantined_count": str(one.outcome.quarantined),
            "load_id": sql.text(load.stamp.load_id),
            "landed_at": load.stamp.landed_at_sql,
        }
        for one in load.staged
    )
    columns = ", ".join(SCHEMAS["files"])
    values = ", ".join(f"({', '.join(row[column] for column in SCHEMAS['files'])})" for row in rows)
    return f"select * from (values {values}) as rows({columns})"


def _parquet(paths: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(map(sql.text, paths))}])"
