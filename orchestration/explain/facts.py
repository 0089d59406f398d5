"""The facts that a row of a measure is made of, and whether they give that row."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.explain.cells import Cell
from orchestration.explain.lineage import SOURCES, Lineage, lineage
from orchestration.explain.opened import FILE, literal, matching, rows
from orchestration.explain.standing import ANNOUNCEMENTS, SHOWN, choose_standing
from orchestration.explain.trial import RESULT, calculate, table_of

COUNTED_ANEW = {"item_count", "annotation_count", "replica_count"}
"""Counts of different things: the same thing may stand in many facts."""

ENDINGS = {"_ms": "sum", "_sum": "sum", "_count": "sum", "_min": "min", "_max": "max"}


@dataclass(frozen=True)
class Explanation:
    """A cell with the facts that it is made of."""

    cell: Cell
    tree: Lineage
    count: int
    totals: dict[str, object]
    """Component -> sum (or least, or most) over the facts, for those that this gives."""
    recalculated: dict[str, object] | None
    """The row that the measure's own views give over these facts alone."""

    @property
    def fact(self) -> str:
        """The relation that the facts stand in."""
        return next(name for name in self.tree.sources if name != ANNOUNCEMENTS)

    @property
    def differences(self) -> list[str]:
        """What of the row the facts do not give, a line each."""
        row = self.cell.row
        lines = [
            f"{name} of the facts is {value}, of the row {row[name]}"
            for name, value in self.totals.items()
            if value != row[name]
        ]
        if self.recalculated is None:
            return [*lines, "the measure gives no such row over the facts"]
        return lines + [
            f"{name} calculated over the facts is {value}, in the row {row[name]}"
            for name, value in self.recalculated.items()
            if value != row[name] and name not in self.totals
        ]


def explain_cell(engine: duckdb.DuckDBPyConnection, cell: Cell) -> Explanation:
    """Return what the cell is made of; the facts themselves stand in the table SHOWN."""
    tree = lineage(engine, f"measures.{cell.measure.relation}")
    if tree.is_state:
        totals = choose_standing(engine, cell, tree)
    else:
        totals = _choose_by_contribution(engine, cell, tree)
    calculate(engine, cell, tree)
    found = rows(engine, f"from {RESULT}")
    count = rows(engine, f"select count(*) as count from {SHOWN}")[0]["count"]
    return Explanation(cell, tree, int(str(count)), totals, found[0] if found else None)


def _choose_by_contribution(
    engine: duckdb.DuckDBPyConnection, cell: Cell, tree: Lineage
) -> dict[str, object]:
    """Keep the facts of the period that, each for itself, give something in the cell's place."""
    (source,) = tree.sources
    table = table_of(source)
    known = _columns(engine, source)
    shared = [name for name in cell.dimensions if name in known]
    if source == "core.fct_issue_cycles":
        # There it is who raised the issue; in issue_per_annotator whose annotation it is about.
        shared.remove("user_id")
    start, end = f"{literal(cell.start)}::timestamp", f"{literal(cell.end)}::timestamp"
    at = SOURCES[source]
    if tree.lasts:
        inside = f"started_at < {end} and ended_at > {start}"
    else:
        inside = f"{at} >= {start} and {at} < {end}"
    engine.execute(
        f"create or replace table {table} as"
        f" select row_number() over (order by {at}, all_of::varchar) as n, all_of.*"
        f" from {FILE}.{source} as all_of where {inside} and {matching(cell.row, shared)}"
    )
    # Whether an item lies in a bucket of time is decided by all that was done to it.
    by_item = "bucket" in cell.keys
    tag = "dense_rank() over (order by item_id)" if by_item else "n"
    calculate(engine, cell, tree, tag=tag)
    engine.execute(
        f"create or replace table {SHOWN} as select * exclude (tag)"
        f" from (select *, {tag} as tag from {table})"
        f" where tag in (select cast(project_id as bigint) from {RESULT})"
    )
    engine.execute(f"create or replace table {table} as from {SHOWN}")
    joined = [f"{function}({name}) as {name}" for name, function in _added(cell).items()]
    return rows(engine, f"select {', '.join(joined)} from {RESULT}")[0] if joined else {}


def _added(cell: Cell) -> dict[str, str]:
    """Return how the parts of each component join again, for those that do."""
    joins = {
        name: function
        for name in cell.measure.components
        for ending, function in ENDINGS.items()
        if name.endswith(ending) and name not in COUNTED_ANEW
    }
    if cell.measure.additivity == "percentile":
        # The extremes there are those of whole items.
        return {name: function for name, function in joins.items() if function == "sum"}
    return joins


def _columns(engine: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    described = rows(engine, f"describe select * from {FILE}.{relation} limit 0")
    return {str(column["column_name"]) for column in described}
