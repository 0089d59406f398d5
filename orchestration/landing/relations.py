"""The relations of a load, as queries over what its files left in scratch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from orchestration.landing import sql
from orchestration.landing.load import Load
from orchestration.landing.schemas import SCHEMAS, SOURCES
from orchestration.landing.stage import units_of

Anything = TypeVar("Anything")

STAGES_AT_ONCE = 1000
"""How many files of scratch one query reads, one after the other."""


def relations(load: Load) -> dict[str, str]:
    """Return the query of each relation that has rows in this load."""
    manifest = _write_manifest(load)
    queries = {"files": f"select * from {sql.parquet(manifest)} order by file_number"}
    for source in SOURCES:
        columns = ", ".join(map(sql.name, SCHEMAS[source]))
        if any(
            one.outcome.source == source and one.outcome.landed > one.outcome.quarantined
            for one in load.staged
        ):
            stages = [stage for stage in load.stages if stage.source == source]
            queries[source] = _in_turn(
                load,
                [
                    f"select {columns} from ({units_of(some)}) where reason is null"
                    for some in _slices(stages)
                ],
            )
    if any(one.outcome.reasons for one in load.staged):
        queries["quarantine"] = _quarantine_rows(load, manifest)
    return queries


def _slices(some: Sequence[Anything]) -> list[Sequence[Anything]]:
    return [some[start : start + STAGES_AT_ONCE] for start in range(0, len(some), STAGES_AT_ONCE)]


def _in_turn(load: Load, queries: Sequence[str]) -> str:
    """Return one query that gives the rows of all: many run one after the other, into scratch."""
    if len(queries) == 1:
        return queries[0]
    folder = load.new_folder()
    written = [folder / f"{number}.parquet" for number in range(len(queries))]
    for query, path in zip(queries, written, strict=True):
        load.connection.execute(
            f"copy ({query}) to {sql.text(path)} (format parquet, row_group_size 20480)"
        )
    return f"from {sql.parquet(*written)}"


def _quarantine_rows(load: Load, manifest: Path) -> str:
    """All that is bad of a load in the order of its files, numbered on from the whole lake."""
    files = [stage.bad for stage in load.stages if stage.bad]
    units = _in_turn(load, [f"from {sql.parquet(*some)}" for some in _slices(files)])
    return f"""
        select
            bad.*, files.file_name, files.load_id, files.landed_at,
            {load.last_number}
                + row_number() over (order by file_number, bad.line_number, bad.line_position)
                as quarantine_number
        from ({units}) as bad
        inner join {sql.parquet(manifest)} as files using (file_id)
        order by quarantine_number
    """


def _write_manifest(load: Load) -> Path:
    """Write the rows of `files` to scratch, each with the place of its file as file_number."""
    rows = (
        {
            "file_id": one.outcome.file_id,
            "sha256": one.landed.sha256,
            "file_name": one.landed.file_name,
            "file_path": one.landed.file_path,
            "source": one.outcome.source,
            "format": one.outcome.format,
            "byte_count": one.landed.byte_count,
            "modified_at": one.landed.modified_us,
            "landed_count": one.outcome.landed,
            "quarantined_count": one.outcome.quarantined,
            "load_id": load.stamp.load_id,
            "landed_at": f"{load.stamp.landed_at:%Y-%m-%d %H:%M:%S.%f}",
            "file_number": number,
        }
        for number, one in enumerate(load.staged)
    )
    # As JSON lines, which DuckDB reads: an Arrow table would import pandas for these few rows.
    folder = load.new_folder()
    lines, path = folder / "files.jsonl", folder / "files.parquet"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    columns = {**SCHEMAS["files"], "modified_at": "BIGINT", "file_number": "BIGINT"}
    shape = ", ".join(f"{sql.name(name)}: {sql.text(type_)}" for name, type_ in columns.items())
    load.connection.execute(
        f"""
        copy (
            select * replace (make_timestamp(modified_at) as modified_at)
            from read_json(
                {sql.text(lines)}, format = 'newline_delimited', columns = {{{shape}}}
            )
        ) to {sql.text(path)} (format parquet)
        """
    )
    return path
