"""The rows of a measure that are to be explained, each with the period that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.errors import UsageError, WarehouseError
from orchestration.explain.lineage import view_text
from orchestration.explain.opened import FILE, literal, read, rows
from orchestration.explain.registry import Measure

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")

A_HANDFUL = 5
"""How many rows are explained at once."""


@dataclass(frozen=True)
class Cell:
    """One row of a measure, with the UTC period [start, end) that it is about."""

    measure: Measure
    row: dict[str, object]
    start: datetime
    end: datetime

    @property
    def dimensions(self) -> list[str]:
        """The context dimensions that the row has, ids all of them."""
        return [name for name in self.row if name.endswith("_id")]

    @property
    def keys(self) -> list[str]:
        """What tells the row from others of its period and context."""
        return [name for name in self.measure.keys if name not in self.dimensions]


def find_cells(
    engine: duckdb.DuckDBPyConnection, measure: Measure, where: str, granularity: str | None
) -> list[Cell]:
    """Return the rows that the condition selects at a granularity.

    Raises UsageError where the condition is no SQL over the relation's columns, or selects more
    than a handful, and WarehouseError where it selects none.
    """
    granularity = granularity or measure.default_granularity
    if granularity not in GRANULARITIES:
        raise UsageError(f"There is no granularity {granularity!r}: {', '.join(GRANULARITIES)}")
    selected = (
        f"from measures.{measure.relation}"
        f" where time_granularity = {literal(granularity)} and ({where}\n)"
    )
    try:
        found = read(engine, f"{selected} order by all limit {A_HANDFUL}")
        count = read(engine, f"select count(*) as count {selected}")[0]["count"]
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise UsageError(f"--where is not understood: {line}") from error
    if not found:
        raise WarehouseError(f"{measure.relation} has no such row at {granularity}: {where}")
    if int(str(count)) > A_HANDFUL:
        columns = [name for name in found[0] if name not in ("time_granularity", "value")]
        columns = [name for name in columns if name not in measure.components]
        raise UsageError(
            f"--where selects {count} rows of {measure.relation} at {granularity}; one to"
            f" {A_HANDFUL} can be explained at once. Narrow it by {', '.join(columns)}."
        )
    return [_cell(engine, measure, row) for row in found]


def _cell(engine: duckdb.DuckDBPyConnection, measure: Measure, row: dict[str, object]) -> Cell:
    start = row["period_start"]
    if not isinstance(start, datetime):
        raise WarehouseError(f"{measure.relation} has a row without a period: {row}")
    return Cell(measure, row, start, _period_end(engine, start, str(row["time_granularity"])))


def _period_end(engine: duckdb.DuckDBPyConnection, start: datetime, granularity: str) -> datetime:
    """Return when the period ends: where the next one starts, by the file's own calendar.

    The reporting time zone is not stored; assignment_start_time knows it, since it places instants
    in buckets of all granularities. Here the instants are the hours that follow.
    """
    if granularity in ("second", "minute", "hour"):
        return rows(engine, f"select {literal(start)}::timestamp + interval 1 {granularity} as t")[
            0
        ]["t"]
    engine.execute("attach ':memory:' as calendar")
    engine.execute("use calendar")
    try:
        engine.execute("create schema core")
        engine.execute("create schema measures")
        engine.execute(
            f"create table core.fct_assignments as from {FILE}.core.fct_assignments limit 0"
        )
        engine.execute(
            "insert into core.fct_assignments (first_event_at) select unnest(generate_series("
            f"{literal(start)}::timestamp, {literal(start)}::timestamp + interval 33 day,"
            " interval 1 hour))"
        )
        engine.execute(view_text(engine, "measures.assignment_start_time"))
        return rows(
            engine,
            "select min(period_start) as period_end from measures.assignment_start_time where"
            f" time_granularity = '{granularity}' and period_start > {literal(start)}",
        )[0]["period_end"]
    finally:
        engine.execute("use memory")
        engine.execute("detach calendar")
