"""Files into scratch Parquet: every unit typed, with the reason where it is bad.

DuckDB's readers do it in one pass. Where they stumble, or where the lines they saw are not the
physical lines of the files, the exact reader (exact.py) reads the files again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import duckdb

from orchestration.landing import (
    client_batches,
    cvat_events,
    cvat_resources,
    exact,
    platform_samples,
    sql,
)
from orchestration.landing.csv_sources import CSV_SOURCES
from orchestration.landing.kept_bytes import KEPT_BYTES, KeptBytes
from orchestration.landing.lines import physical_lines, shown_bytes
from orchestration.landing.recognise import Kind
from orchestration.landing.schemas import UNITS
from orchestration.landing.text import Text

LINE_BYTES = 2 << 20
"""The longest line for DuckDB's reader; content.py sends files with longer ones elsewhere."""
_READER = (
    f"auto_detect = false, strict_mode = true, header = false, max_line_size = {LINE_BYTES},"
    f" buffer_size = {16 * LINE_BYTES}"
)


@dataclass(frozen=True)
class Tables:
    """Parquet files of one schema. The name of each in scratch is its file id."""

    paths: tuple[Path, ...]
    is_large: bool = False
    """It is one file, and stays until the end of the load."""

    @property
    def listed(self) -> str:
        """The files between commas."""
        return ", ".join(map(sql.text, self.paths))

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The files in their order."""
        return tuple(path.name for path in self.paths)

    def alone(self) -> list[Tables]:
        """Return each file by itself."""
        return [Tables((path,)) for path in self.paths]


@dataclass(frozen=True)
class Stage:
    """What came of some files of one kind, in scratch."""

    source: str
    files: Path
    """Parquet that `read` makes units of."""
    bad: Path | None
    """Parquet: file_id, line_number, line_position, unit, reason, detail, raw_text. Or nothing."""
    read: str = "select * from read_parquet([{files}])"
    """A query over {files}, of this stage or of others that are read in the same way."""
    schema: str = ""
    """Of files that came as Parquet: only those of one schema are read together."""


@dataclass(frozen=True)
class Target:
    """Where and as of when files are staged."""

    folder: Path
    landed_at: str
    """An SQL timestamp."""

    @property
    def units(self) -> Path:
        """The Parquet of the units."""
        return self.folder / "units.parquet"

    @property
    def bad(self) -> Path:
        """The Parquet of what is bad."""
        return self.folder / "bad.parquet"


def stage(
    connection: duckdb.DuckDBPyConnection, kind: Kind, files: Text | Tables, target: Target
) -> Stage:
    """Stage files of one kind. Raises duckdb.Error where DuckDB cannot read one of them.

    A large table without a fault is its own stage: it stays where it is.
    """
    if isinstance(files, Tables):
        rejects: list[Path] = []
        typed = _typed_tables(connection, kind, files, target)
        if typed and files.is_large:
            return Stage(kind.source, files.paths[0], None, typed, kind.schema)
        units = typed and typed.format(files=files.listed)
        _copy(connection, units or _checked_tables(kind, files, target), target.units)
    else:
        rejects = _stage_text(connection, kind, files, target)
    _copy(connection, _bad_units(kind, target.units, rejects), target.bad)
    return Stage(kind.source, target.units, target.bad)


def units_of(stages: Sequence[Stage]) -> str:
    """Return a query over the units of stages of one source, in their order.

    It has the columns of the relation, reason and more; a unit is good where reason is null.
    """
    alike = groupby(stages, key=lambda stage: (stage.read, stage.schema))
    return " union all by name ".join(
        read.format(files=", ".join(sql.text(stage.files) for stage in group))
        for (read, _), group in alike
    )


def in_order(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    stages: Sequence[Stage],
    file_ids: Sequence[str],
    target: Target,
) -> Stage:
    """Return one stage for several of one source, its good units in the order of the files."""
    places = ", ".join(f"({number}, {sql.text(one)})" for number, one in enumerate(file_ids))
    by = "line_number, sample_number" if source == "platform_samples" else "line_number"
    _copy(
        connection,
        f"select units.* from ({units_of(stages)}) as units"
        f" inner join (values {places}) as places(place, file_id) using (file_id)"
        f" where reason is null order by place, {by}",
        target.units,
    )
    bad = [stage.bad for stage in stages if stage.bad]
    if bad:
        _copy(connection, f"from {sql.parquet(*bad)}", target.bad)
    return Stage(source, target.units, target.bad if bad else None)


Counts = tuple[int, list[tuple[str, str, int]], int]
"""Good units, (unit, reason, number) of what is bad, good units with bytes not UTF-8."""


def counts(connection: duckdb.DuckDBPyConnection, stage: Stage) -> dict[str, Counts]:
    """Return what each file of a stage came to; files without any unit are not in it."""
    not_utf8 = f"count({KEPT_BYTES[0]})" if stage.source in CSV_SOURCES else "0"
    good = connection.execute(
        f"select file_id, count(*), {not_utf8} from ({units_of([stage])})"
        " where reason is null group by 1"
    )
    found: dict[str, Counts] = {
        file_id: (count, [], kept) for file_id, count, kept in good.fetchall()
    }
    if stage.bad is None:
        return found
    bad = connection.execute(
        f"select file_id, unit, reason, count(*) from {sql.parquet(stage.bad)}"
        " group by all order by 4 desc, 3, 2"
    )
    for file_id, *one in bad.fetchall():
        found.setdefault(file_id, (0, [], 0))[1].append(tuple(one))
    return found


def _stage_text(
    connection: duckdb.DuckDBPyConnection, kind: Kind, text: Text, target: Target
) -> list[Path]:
    """Stage a text; return Parquet files of exact.REJECTS.

    Of CSV they hold all that is bad, of JSON lines those that are no units at all.
    """
    rejects = []
    if not (text.is_regular and _stage_fast(connection, kind, text, target)):
        rows = target.folder / "rows.parquet"
        rejects.append(target.folder / "rejects.parquet")
        if kind.format == "csv":
            own = CSV_SOURCES.get(kind.source)
            exact.write_csv(
                text,
                kind.columns,
                rows,
                rejects[0],
                has_header=kind.has_header,
                kept=own and KeptBytes(kind.columns, own.json_columns),
            )
        else:
            exact.write_json_lines(text, rows, rejects[0])
        query = _checked(kind, f"select * from {sql.parquet(rows)}", target)
        _copy(connection, query, target.units)
        rows.unlink()
    if kind.format == "csv":
        rejects.append(target.folder / "lines.parquet")
        exact.write_rejects(rejects[-1], _lines_of_bad_records(connection, text, target))
    return rejects


def _stage_fast(
    connection: duckdb.DuckDBPyConnection, kind: Kind, text: Text, target: Target
) -> bool:
    """Stage with DuckDB's reader; False where its line numbers cannot be trusted."""
    rows = _csv_rows(kind, text) if kind.format == "csv" else _json_rows(text)
    try:
        _copy(connection, _checked(kind, rows, target), target.units)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    found = connection.execute(
        "select file_id, max(line_number + line_count - 1)"
        f" from {sql.parquet(target.units)} group by file_id"
    )
    last_lines = dict(found.fetchall())
    # A quote that one file opens and the next closes shows here, too.
    return all(last_lines.get(part.file_id, 1) == part.line_count for part in text.parts)


def _checked(kind: Kind, rows: str, target: Target) -> str:
    landed_at = target.landed_at
    if own := CSV_SOURCES.get(kind.source):
        return own.checked(rows, kind.columns, landed_at)
    if kind.format == "csv":
        return cvat_events.checked(cvat_events.from_table(rows, kind.columns), landed_at)
    if kind.source == "cvat_events":
        return cvat_events.checked(cvat_events.from_json(rows), landed_at)
    if kind.source == "cvat_client_batches":
        return client_batches.checked(rows, landed_at)
    if kind.source == "cvat_resources":
        return cvat_resources.checked(rows, landed_at)
    return platform_samples.checked(rows, landed_at)


_TABLE = """
    select
        *, parse_filename(filename) as file_id, file_row_number + 1 as line_number,
        1 as line_count
    from read_parquet([{files}], binary_as_string = true, file_row_number = true,
        filename = true)
"""
"""Rows of Parquet files; their line numbers are their row numbers from 1."""


def _typed_tables(
    connection: duckdb.DuckDBPyConnection, kind: Kind, tables: Tables, target: Target
) -> str | None:
    """Return a query over {files} that gives their rows as they land.

    None where a column must be read as text, or a row is bad.
    """
    described = connection.execute(
        f"select {', '.join(map(sql.name, kind.columns))}"
        f" from ({_TABLE.format(files=tables.listed)}) limit 0"
    ).description
    if not cvat_events.are_typed({name: str(type_) for name, type_, *_ in described}):
        return None
    query = cvat_events.from_typed(_TABLE, kind.columns)
    # Working time is parsed once. The hash reads the columns that nobody asks for: what can be
    # read here can be read again.
    row = connection.execute(
        f"select bool_and({cvat_events.accepted(target.landed_at)}), bit_xor(hash(rows)) from ("
        f"select *, {sql.working_time('payload')} as raw_working_time"
        f" from ({query.format(files=tables.listed)})) as rows"
    ).fetchone()
    return query if row[0] else None


def _checked_tables(kind: Kind, tables: Tables, target: Target) -> str:
    records = _TABLE.format(files=tables.listed)
    row = ", ".join(f"{sql.name(column)}: {sql.name(column)}" for column in kind.columns)
    raw = cvat_events.from_table(records, kind.columns, raw_row=f"{{{row}}}")
    return cvat_events.checked(raw, target.landed_at, raw_text="to_json(raw_text)::varchar")


def _csv_rows(kind: Kind, text: Text) -> str:
    """Records with the physical line they start in, counted from the lines before them."""
    types = ", ".join(f"{sql.text(column)}: 'VARCHAR'" for column in kind.columns)
    everything = ", ".join(map(sql.name, kind.columns))
    breaks = " + ".join(
        f"coalesce(length({column}) - length(replace({column}, chr(10), '')), 0)"
        for column in map(sql.name, kind.columns)
    )
    records = f"""
        select *, 1 - line_count + sum(line_count)
            over (rows between unbounded preceding and current row)::bigint as text_line
        from (
            select *, 1 + case when contains(concat({everything}), chr(10))
                then {breaks} else 0 end as line_count
            from read_csv({sql.text(text.path)}, columns = {{{types}}}, delim = ',',
                quote = '"', escape = '"', {_READER})
        )
    """
    # What this reader takes is UTF-8.
    told = "".join(f", null::varchar as {name}" for name in KEPT_BYTES)
    more = told if kind.source in CSV_SOURCES else ""
    below = " where line_number > 1" if kind.has_header else ""
    return f"select *{more} from ({_by_file(records, text)}){below}"


def _json_rows(text: Text) -> str:
    """Lines with their number. Delimiter and null are control bytes, which no regular file has."""
    lines = f"""
        select row_number() over () as text_line, line
        from read_csv({sql.text(text.path)}, columns = {{'line': 'VARCHAR'}},
            delim = '\x01', quote = '', escape = '', nullstr = '\x02', {_READER})
    """
    return f"select * from ({_by_file(lines, text)}) where trim(line, e' \\t') <> ''"


def _by_file(rows: str, text: Text) -> str:
    """Rows (text_line, ...) with file_id and the line_number in the file instead."""
    before = [(f"text_line < {part.first_line}", str(i)) for i, part in enumerate(text.parts)]
    number = sql.cases([*before[1:], ("true", str(len(before)))])
    ids = ", ".join(map(sql.text, text.file_ids))
    starts = ", ".join(str(part.first_line) for part in text.parts)
    return f"""
        select
            * exclude (text_line, part), [{ids}][part] as file_id,
            text_line - [{starts}][part] + 1 as line_number
        from (select *, {number} as part from ({rows}))
    """


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(
        f"copy ({query}) to {sql.text(path)}"
        " (format parquet, compression snappy, row_group_size 20480)"
    )


def _lines_of_bad_records(
    connection: duckdb.DuckDBPyConnection, text: Text, target: Target
) -> Iterator[exact.Reject]:
    """Fetch the physical lines of the bad CSV records, in one pass over the text."""
    ids = ", ".join(map(sql.text, text.file_ids))
    bad = connection.execute(
        f"select list_position([{ids}], file_id) - 1, line_number, line_count, reason, detail"
        f" from {sql.parquet(target.units)} where reason is not null order by 1, 2"
    )
    lines, open_part, at = iter(()), None, 1
    while some := bad.fetchmany(10_000):
        for which, number, count, reason, detail in some:
            part = text.parts[which]
            if part is not open_part:
                lines, open_part, at = physical_lines(text.path, part), part, 1
            next(islice(lines, number - at, number - at), None)
            taken = list(islice(lines, count))
            at = number + count
            raw = b"".join(line.raw + line.end.encode() for line in taken)
            shown = shown_bytes(raw.rstrip(b"\r\n"))
            yield exact.Reject(part.file_id, number, reason, detail, shown)


def _bad_units(kind: Kind, units: Path, rejects: list[Path]) -> str:
    """All that is bad, as quarantine keeps it."""
    unit = f"{sql.text(UNITS[kind.source])} as unit, reason, detail, raw_text"
    parts = [
        f"select file_id, line_number, 1 as line_position, {unit} from {sql.parquet(path)}"
        for path in rejects
    ]
    if kind.format != "csv":
        position = "sample_number" if kind.source == "platform_samples" else "1"
        parts.append(
            f"select file_id, line_number, {position} as line_position, {unit}"
            f" from {sql.parquet(units)} where reason is not null"
        )
    if kind.source == "cvat_client_batches":
        parts.append(
            "select file_id, line_number, unnest(bad_events, recursive := true)"
            f" from {sql.parquet(units)} where len(bad_events) > 0"
        )
    return " union all ".join(parts)
