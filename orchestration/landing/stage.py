"""One file into scratch Parquet: every unit typed, with the reason where it is bad.

DuckDB's readers do it in one pass. Where they stumble, or where the lines they saw are not the
physical lines of the file, the exact reader (exact.py) reads the file again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from orchestration.landing import client_batches, cvat_events, exact, platform_samples, sql
from orchestration.landing.content import Text
from orchestration.landing.recognise import Kind

LINE_BYTES = 2 << 20
"""The longest line for DuckDB's reader; content.py sends files with longer ones elsewhere."""
_READER = (
    f"auto_detect = false, strict_mode = true, max_line_size = {LINE_BYTES},"
    f" buffer_size = {16 * LINE_BYTES}"
)


@dataclass(frozen=True)
class Stage:
    """What came of one file, in scratch."""

    units: Path
    """Parquet: the relation's columns, line_number, line_count, reason, detail, raw_text."""
    rejects: tuple[Path, ...] = ()
    """Parquet of exact.REJECTS: lines that are no units at all."""
    rejects_hold_all: bool = False
    """The rejects hold the bad units too, with the text of their lines."""


@dataclass(frozen=True)
class Target:
    """Where and as what a file is staged."""

    folder: Path
    file_id: str
    landed_at: str
    """An SQL timestamp."""

    @property
    def units(self) -> Path:
        """The Parquet of the units."""
        return self.folder / "units.parquet"


def stage_text(
    connection: duckdb.DuckDBPyConnection, kind: Kind, text: Text, target: Target
) -> Stage:
    """Stage a text file."""
    stage = Stage(target.units)
    if not (text.is_regular and _stage_fast(connection, kind, text, target)):
        rows, rejects = target.folder / "rows.parquet", target.folder / "rejects.parquet"
        if kind.format == "csv":
            exact.write_csv(text.path, kind.columns, rows, rejects)
        else:
            exact.write_json_lines(text.path, rows, rejects)
        _write(connection, _checked(kind, f"select * from {sql.parquet(rows)}", target), target)
        rows.unlink()
        stage = Stage(target.units, (rejects,))
    return _with_csv_lines(connection, stage, text, target) if kind.format == "csv" else stage


def stage_parquet(
    connection: duckdb.DuckDBPyConnection, kind: Kind, path: Path, target: Target
) -> Stage:
    """Stage a Parquet file; its line numbers are its row numbers from 1."""
    source = f"read_parquet({sql.text(path)}, binary_as_string = true, file_row_number = true)"
    records = f"select *, file_row_number + 1 as line_number, 1 as line_count from {source}"
    row = ", ".join(f"{sql.name(column)}: {sql.name(column)}" for column in kind.columns)
    raw = cvat_events.from_table(records, kind.columns, raw_row=f"{{{row}}}")
    query = cvat_events.checked(raw, target.landed_at, raw_text="to_json(raw_text)::varchar")
    _write(connection, query, target)
    return Stage(target.units)


def _stage_fast(
    connection: duckdb.DuckDBPyConnection, kind: Kind, text: Text, target: Target
) -> bool:
    """Stage with DuckDB's reader; False where its line numbers cannot be trusted."""
    rows = _csv_rows(kind, text.path) if kind.format == "csv" else _json_rows(text.path)
    try:
        _write(connection, _checked(kind, rows, target), target)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    (last,) = connection.execute(
        f"select max(line_number + line_count - 1) from {sql.parquet(target.units)}"
    ).fetchone()
    header = 1 if kind.format == "csv" else 0
    return (last or header) == text.line_count


def _checked(kind: Kind, rows: str, target: Target) -> str:
    landed_at = target.landed_at
    if kind.format == "csv":
        return cvat_events.checked(cvat_events.from_table(rows, kind.columns), landed_at)
    if kind.source == "cvat_events":
        return cvat_events.checked(cvat_events.from_json(rows), landed_at)
    if kind.source == "cvat_client_batches":
        return client_batches.checked(rows, landed_at)
    return platform_samples.checked(rows, landed_at)


def _csv_rows(kind: Kind, path: Path) -> str:
    """Records with the physical line they start in, counted from the lines before them."""
    types = ", ".join(f"{sql.text(column)}: 'VARCHAR'" for column in kind.columns)
    everything = ", ".join(map(sql.name, kind.columns))
    breaks = " + ".join(
        f"coalesce(length({column}) - length(replace({column}, chr(10), '')), 0)"
        for column in map(sql.name, kind.columns)
    )
    return f"""
        select *, 2 - line_count + sum(line_count)
            over (rows between unbounded preceding and current row)::bigint as line_number
        from (
            select *, 1 + case when contains(concat({everything}), chr(10))
                then {breaks} else 0 end as line_count
            from read_csv({sql.text(path)}, columns = {{{types}}}, header = true, delim = ',',
                quote = '"', escape = '"', {_READER})
        )
    """


def _json_rows(path: Path) -> str:
    """Lines with their number. Delimiter and null are control bytes, which no regular file has."""
    return f"""
        select line_number, line
        from (
            select row_number() over () as line_number, line
            from read_csv({sql.text(path)}, columns = {{'line': 'VARCHAR'}}, header = false,
                delim = '\x01', quote = '', escape = '', nullstr = '\x02', {_READER})
        )
        where trim(line, e' \\t') <> ''
    """


def _write(connection: duckdb.DuckDBPyConnection, query: str, target: Target) -> None:
    connection.execute(
        f"copy (select *, {sql.text(target.file_id)} as file_id from ({query}))"
        f" to {sql.text(target.units)} (format parquet, compression snappy, row_group_size 20480)"
    )


def _with_csv_lines(
    connection: duckdb.DuckDBPyConnection, stage: Stage, text: Text, target: Target
) -> Stage:
    """Fetch the physical lines of the bad CSV records, in one pass over the file."""
    bad = connection.execute(
        f"select line_number, line_count, reason, detail from {sql.parquet(stage.units)}"
        " where reason is not null order by line_number"
    )
    fetched = target.folder / "bad.parquet"
    exact.write_rejects(fetched, _with_lines(bad, text.path))
    return Stage(stage.units, (*stage.rejects, fetched), rejects_hold_all=True)


def _with_lines(bad: duckdb.DuckDBPyConnection, path: Path) -> Iterator[exact.Reject]:
    lines = exact.physical_lines(path)
    at = 1
    while some := bad.fetchmany(10_000):
        for number, count, reason, detail in some:
            next(islice(lines, number - at, number - at), None)
            taken = list(islice(lines, count))
            at = number + count
            raw = b"".join(line.raw + line.end.encode() for line in taken)
            yield exact.Reject(number, reason, detail, exact.shown_bytes(raw.rstrip(b"\r\n")))
