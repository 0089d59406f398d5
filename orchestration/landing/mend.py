"""Mended rows land, and the rows that they mend leave quarantine: one load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.home import Home
from orchestration.landing import lake, sql
from orchestration.landing.batch import land_files
from orchestration.landing.land import storage_errors
from orchestration.landing.load import Load, new_load
from orchestration.landing.outcome import FileOutcome, LandingError, one_line
from orchestration.landing.quarantine import Quarantined, numbered
from orchestration.landing.read import Given
from orchestration.landing.relations import relations
from orchestration.landing.stage import units_of


@dataclass(frozen=True)
class Mending:
    """What a retry did."""

    outcome: FileOutcome
    numbers: tuple[int, ...]
    """The rows that left quarantine; none where the same retry was made before."""


def retry(
    path: Path,
    numbers: Sequence[int],
    home: Home,
    *,
    source: str | None = None,
    together: bool = False,
) -> Mending:
    """Land a file of mended rows; the rows of these numbers leave quarantine in the same load.

    The file's first row mends the first number, and so on; `together` lets any number of rows
    stand for all the numbers (a record that was torn into several lines). The file lands as a
    whole or, with one bad row, not at all. A file that landed before only takes the numbers out.
    The caller holds the writers' lock. Raises LandingError where the file cannot mend these rows;
    then nothing changes.
    """
    wanted = list(dict.fromkeys(numbers))
    with storage_errors(home), new_load(home, source) as load:
        rows = numbered(load.connection, home, wanted)
        (outcome,) = land_files([Given(path, may_wait=False)], load)
        if outcome.status == "refused":
            raise LandingError(f"nothing landed, {path}: {outcome.message}")
        if all(row.mended_by_id == outcome.file_id for row in rows):
            return Mending(outcome, ())
        kind, lines = _good_rows(path, outcome, load, home)
        for row in rows:
            _refuse_unless_open(row, path, kind)
        if not together and len(lines) != len(wanted):
            raise LandingError(
                f"nothing landed, {path} holds {len(lines):,} rows for {len(wanted):,} numbers;"
                " it needs one row for each number, in their order (or say --together)"
            )
        mended = _mended_rows(wanted, None if together else lines, outcome, load)
        landed = relations(load) if load.staged else {}
        lake.write_load(load.connection, home, load.stamp, {**landed, "mended": mended})
    return Mending(outcome, tuple(wanted))


def _good_rows(path: Path, outcome: FileOutcome, load: Load, home: Home) -> tuple[str, list[int]]:
    """Return a file's source and the lines of its rows. Raises LandingError where one is bad."""
    if load.staged:
        kind, (stage,) = outcome.source, load.stages
        good = f"select * from ({units_of([stage])}) where reason is null"
        bad = f"select * from {sql.parquet(stage.bad)}" if stage.bad else None
    else:
        this_file = f"where file_id = {sql.text(outcome.file_id)}"
        (kind,) = load.connection.execute(
            f"select source from {lake.stored(home, 'files')} {this_file}"
        ).fetchone()
        good = f"select * from {lake.stored(home, kind)} {this_file}"
        bad = f"select * from {lake.stored(home, 'quarantine')} {this_file}"
    first = (
        bad
        and load.connection.execute(
            f"select line_number, reason, detail from ({bad}) order by line_number, line_position"
        ).fetchone()
    )
    if first:
        line, reason, detail = first
        problem = one_line(f"line {line} of {path} is still bad, {reason}: {detail}")
        raise LandingError(f"nothing landed, {problem}")
    by = "line_number, sample_number" if kind == "platform_samples" else "line_number"
    lines = load.connection.execute(f"select line_number from ({good}) order by {by}").fetchall()
    if not lines:
        raise LandingError(f"nothing landed, {path} holds no rows")
    return kind, [line for (line,) in lines]


def _refuse_unless_open(row: Quarantined, path: Path, kind: str) -> None:
    if row.mended_by_id is not None:
        raise LandingError(
            f"nothing landed, row {row.number} left quarantine before:"
            f" {row.mended_by} mended it at {row.mended_at:%Y-%m-%d %H:%M} UTC"
        )
    if row.source != kind:
        raise LandingError(
            f"nothing landed, row {row.number} is a {row.unit.replace('_', ' ')} of {row.source}"
            f" and {path} holds {kind}"
        )


def _mended_rows(
    numbers: Sequence[int], lines: Sequence[int] | None, outcome: FileOutcome, load: Load
) -> str:
    pairs = zip(numbers, lines or ["null"] * len(numbers), strict=True)
    values = ", ".join(f"({number}, {line})" for number, line in pairs)
    return f"""
        select
            quarantine_number, {sql.text(outcome.file_id)} as file_id, line_number,
            {sql.text(load.stamp.load_id)} as load_id, {load.stamp.landed_at_sql} as mended_at
        from (values {values}) as pairs(quarantine_number, line_number)
    """
