"""The relations of a load, as queries over what its files left in scratch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import duckdb

from orchestration.landing import sql
from orchestration.landing.load import Load
from orchestration.landing.schemas import SCHEMAS, SOURCES, UNITS
from orchestration.landing.stage import Stage

T = TypeVar("T")

FILES_AT_ONCE = 250
"""How many files of scratch one query reads: each costs memory while it does."""


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
            queries[source] = _good_units(load, source, units)
    if any(one.outcome.reasons for one in load.staged):
        queries["quarantine"] = _quarantine_rows(load)
    return queries


def _good_units(load: Load, source: str, units: Sequence[Path]) -> str:
    columns = ", ".join(map(sql.name, SCHEMAS[source]))
    queries = [
        f"select {columns} from {_parquet(some)} where reason is null" for some in _slices(units)
    ]
    return _in_turn(load, source, queries)


def _in_turn(load: Load, name: str, queries: Sequence[str]) -> str:
    """Return one query for all: several run one after the other, into scratch."""
    if len(queries) == 1:
        return queries[0]
    written = []
    for number, query in enumerate(queries):
        written.append(load.scratch / f"{name}-{number}.parquet")
        load.connection.execute(
            f"copy ({query}) to {sql.text(written[-1])} (format parquet, row_group_size 20480)"
        )
    return f"select * exclude (filename) from {_parquet(written)}"


def _slices(files: Sequence[T]) -> list[Sequence[T]]:
    return [files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)]


def bad_units(source: str, stages: Sequence[Stage]) -> str:
    """Return all that is bad of some files of a source: folder and what quarantine keeps of it.

    `folder` is that of the stage in scratch. The other columns are line_number, line_position,
    unit, reason, detail, raw_text.
    """
    folder = "parse_dirpath(filename) as folder"
    unit = f"{sql.text(UNITS[source])} as unit, reason, detail, raw_text"
    rejects = [path for stage in stages for path in stage.rejects]
    checked = [stage.units for stage in stages if not stage.rejects_hold_all]
    parts = []
    if rejects:
        parts.append(
            f"select {folder}, line_number, 1 as line_position, {unit} from {_parquet(rejects)}"
        )
    if checked:
        position = "sample_number" if source == "platform_samples" else "1"
        parts.append(
            f"select {folder}, line_number, {position} as line_position, {unit}"
            f" from {_parquet(checked)} where reason is not null"
        )
    if source == "cvat_client_batches":
        parts.append(
            f"select {folder}, line_number, unnest(bad_events, recursive := true)"
            f" from {_parquet(checked)} where len(bad_events) > 0"
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
        f"select unit, reason, count(*) from ({bad_units(source, [stage])})"
        " group by all order by 3 desc, 2, 1"
    )
    return good, bad.fetchall()


def _quarantine_rows(load: Load) -> str:
    """All that is bad of a load in the order of its files, numbered on from the whole lake."""
    bad = [one for one in load.staged if one.outcome.reasons]
    files = ", ".join(
        f"({number}, {sql.text(one.stage.units.parent)}, {sql.text(one.outcome.file_id)},"
        f" {sql.text(one.name)})"
        for number, one in enumerate(bad)
    )
    stages = {
        source: [one.stage for one in bad if one.outcome.source == source] for source in SOURCES
    }
    queries = [
        bad_units(source, some) for source, found in stages.items() for some in _slices(found)
    ]
    units = _in_turn(load, "bad", queries)
    return f"""
        select
            *, {sql.text(load.stamp.load_id)} as load_id, {load.stamp.landed_at_sql} as landed_at,
            {load.last_number}
                + row_number() over (order by file_number, line_number, line_position)
                as quarantine_number
        from ({units})
        inner join (values {files}) as files(file_number, folder, file_id, file_name) using (folder)
        order by quarantine_number
    """


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
    return f"read_parquet([{', '.join(map(sql.text, paths))}], filename = true)"
