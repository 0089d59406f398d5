"""The relations of a load, as queries over what its files left in scratch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from orchestration.landing import sql
from orchestration.landing.load import Load
from orchestration.landing.schemas import SCHEMAS, SOURCES

STAGES_AT_ONCE = 250
"""How many files of scratch one query reads: each costs memory while it does."""


def relations(load: Load) -> dict[str, str]:
    """Return the query of each relation that has rows in this load."""
    manifest = _write_manifest(load)
    queries = {"files": f"select * from {sql.parquet(manifest)} order by file_number"}
    for source in SOURCES:
        if any(
            one.outcome.source == source and one.outcome.landed > one.outcome.quarantined
            for one in load.staged
        ):
            columns = ", ".join(map(sql.name, SCHEMAS[source]))
            units = [stage.units for stage in load.stages if stage.source == source]
            queries[source] = _in_turn(load, f"select {columns}", units, " where reason is null")
    if any(one.outcome.reasons for one in load.staged):
        queries["quarantine"] = _quarantine_rows(load, manifest)
    return queries


def _in_turn(load: Load, select: str, files: Sequence[Path], where: str = "") -> str:
    """Return one query over all files: many are read one slice after the other, into scratch."""
    slices = [
        files[start : start + STAGES_AT_ONCE] for start in range(0, len(files), STAGES_AT_ONCE)
    ]
    queries = [f"{select} from {_parquet(some)}{where}" for some in slices]
    if len(queries) == 1:
        return queries[0]
    folder = load.new_folder()
    written = [folder / f"{number}.parquet" for number in range(len(queries))]
    for query, path in zip(queries, written, strict=True):
        load.connection.execute(
            f"copy ({query}) to {sql.text(path)} (format parquet, row_group_size 20480)"
        )
    return f"select * from {_parquet(written)}"


def _quarantine_rows(load: Load, manifest: Path) -> str:
    """All that is bad of a load in the order of its files, numbered on from the whole lake."""
    units = _in_turn(load, "select *", [stage.bad for stage in load.stages])
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


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(map(sql.text, paths))}])"
