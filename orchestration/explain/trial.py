"""A measure calculated once more by its own views, over chosen facts alone.

The views of the file are made again in an empty database, over tables that hold the chosen facts
only. Roll-ups stay empty there: the views count second and minute from the facts, so all facts are
moved into one minute (in their order, microseconds apart), and that minute is the period. Where a
roll-up holds minutes, it is one second. Stretches are cut at the period's edges instead and may
take many minutes, which the period takes together.
"""

from __future__ import annotations

import duckdb

from orchestration.explain.cells import Cell
from orchestration.explain.lineage import SOURCES, Lineage, view_text
from orchestration.explain.opened import FILE, literal, matching, rows

RESULT = "memory.main.result"
"""The rows that the last calculation gave in the place of its cell."""


def table_of(source: str) -> str:
    """Return the table that holds the chosen facts of a source, numbered by n."""
    return f"memory.main.chosen_{source.split('.')[1]}"


def calculate(
    engine: duckdb.DuckDBPyConnection, cell: Cell, tree: Lineage, tag: str | None = None
) -> None:
    """Leave in RESULT what the chosen facts alone give in the place of the cell: one row, or none.

    With a tag, an expression over the facts, there is one row for each of its values, which then
    stands in project_id: every measure shows its project, and none makes anything of it.
    """
    engine.execute("attach ':memory:' as trial")
    engine.execute("use trial")
    try:
        for schema in ("core", "rollups", "measures"):
            engine.execute(f"create schema {schema}")
        for table in tree.tables:
            nothing = "where false" if table.startswith("rollups.") else ""
            engine.execute(f"create view {table} as select * from {FILE}.{table} {nothing}")
        _place_facts(engine, cell, tree, tag)
        for view in tree.views:
            engine.execute(view_text(engine, view))
            if view in tree.families:
                _take_as_the_period(engine, cell, view, tree.counted)
        place = [name for name in cell.dimensions if not (tag and name == "project_id")]
        columns = ["time_granularity", "period_start", *place, *cell.keys]
        engine.execute(
            f"create or replace table {RESULT} as from measures.{cell.measure.relation}"
            f" where {matching(cell.row, columns)}"
        )
    finally:
        engine.execute("use memory")
        engine.execute("detach trial")


def _place_facts(
    engine: duckdb.DuckDBPyConnection, cell: Cell, tree: Lineage, tag: str | None
) -> None:
    tagged = [f"cast({tag} as varchar) as project_id"] if tag else []
    if tree.lasts or not tree.families:
        for source in tree.sources:
            cut = [
                f"greatest(started_at, {literal(cell.start)}::timestamp) as started_at",
                f"least(ended_at, {literal(cell.end)}::timestamp) as ended_at",
            ]
            _make(engine, source, table_of(source), tagged + (cut if tree.lasts else []))
        return
    times = " union all ".join(
        f"select {SOURCES[source]} as t from {table_of(source)}" for source in tree.sources
    )
    engine.execute(
        "create table main.moments as select t, row_number() over (order by t) as place"
        f" from (select distinct t from ({times}))"
    )
    minute = f"date_trunc('minute', {literal(cell.start)}::timestamp)"
    # Of more moments than a second has microseconds the rest share the last: they are but counted.
    within = "least(place, 999999)" if tree.counted == "second" else "place"
    for source in tree.sources:
        at = SOURCES[source]
        moved = f"cast({minute} + to_microseconds({within}) as timestamp) as {at}"
        joined = f"{table_of(source)} join main.moments on {at} = t"
        described = rows(engine, f"describe {table_of(source)}")
        stored = [
            f"{minute} as minute_start" for row in described if row["column_name"] == "minute_start"
        ]
        _make(engine, source, joined, [*tagged, moved, *stored], leave_out="n, t, place")


def _make(
    engine: duckdb.DuckDBPyConnection,
    source: str,
    chosen: str,
    replaced: list[str],
    leave_out: str = "n",
) -> None:
    replace = f"replace ({', '.join(replaced)})" if replaced else ""
    engine.execute(
        f"create table {source} as select * exclude ({leave_out}) {replace} from {chosen}"
    )


def _take_as_the_period(
    engine: duckdb.DuckDBPyConnection, cell: Cell, family: str, counted: str
) -> None:
    """Let the minutes, or seconds, of a family be the cell's period."""
    engine.execute(
        "create or replace table main.pieces as select * replace ("
        f"{literal(cell.row['time_granularity'])} as time_granularity,"
        f" {literal(cell.start)}::timestamp as period_start)"
        f" from {family} where time_granularity = '{counted}'"
    )
    engine.execute(f"drop view {family}")
    engine.execute(f"create table {family} as from main.pieces")
