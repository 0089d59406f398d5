"""What `warehouse explain` prints of a cell: the row, its facts, their events and lines."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from orchestration.explain.cells import Cell
from orchestration.explain.facts import Explanation
from orchestration.explain.lineage import SOURCES
from orchestration.explain.opened import rows
from orchestration.explain.origins import Event, Origin, events_of
from orchestration.explain.standing import ANNOUNCEMENTS, SHOWN, choose_announcement
from orchestration.terminal import plural

TELLING = (
    *("method", "activity_status", "surface", "step", "scope", "action", "status", "label"),
    *("annotation_id", "item_id", "issue_id", "function_name", "action_count", "queue_size"),
    *("restart_count", "figure", "legend", "x", "y", "ended_at", "duration_ms"),
)
"""Columns of facts that tell what the fact is."""


def cell_lines(cell: Cell) -> list[str]:
    """Return the row, what it is about first, then its numbers."""
    about = [*cell.dimensions, *cell.keys]
    known = [f"{name} {written(cell.row[name])}" for name in about if cell.row[name] is not None]
    numbers = [
        f"{name} {written(cell.row[name])}"
        for name in dict.fromkeys([*cell.measure.components, "value"])
        if name in cell.row
    ]
    granularity = cell.row["time_granularity"]
    return [
        f"{cell.measure.name}, {granularity} from {written(cell.start)} to {written(cell.end)} UTC",
        f"  {', '.join(known) or 'all context null'}",
        f"  {', '.join(numbers)}",
    ]


def fact_lines(engine: duckdb.DuckDBPyConnection, found: Explanation, limit: int) -> list[str]:
    """Return the facts, the first ones of many, each with its events and their lines."""
    facts = rows(engine, f"from {SHOWN} order by n limit {limit}")
    engine.execute(
        f"create or replace table memory.main.listed as from {SHOWN} order by n limit {limit}"
    )
    events = events_of(engine, found.fact, "memory.main.listed")
    some = f", the first {limit}" if found.count > limit else ""
    lines = [f"Made of {plural(found.count, 'row')} of {found.fact}{some}:"]
    for number, fact in enumerate(facts, start=1):
        lines.append(f"{number:>4}  {_told(found, fact)}")
        lines += [f"      {_event(event)}" for event in events.get(fact["n"], ())]
    if ANNOUNCEMENTS in found.tree.sources:
        announced = events_of(engine, ANNOUNCEMENTS, choose_announcement(engine))
        lines += [f"Total from {_event(event)}" for (event,) in announced.values()]
    return lines


def closing_line(found: Explanation) -> str:
    """Return whether the facts give the row."""
    these = "This fact" if found.count == 1 else f"These {plural(found.count, 'fact')}"
    if found.differences:
        return f"{these} do not give the row: {'; '.join(found.differences)}"
    row = found.cell.row
    added = [f"{name} {written(value)}" for name, value in found.totals.items()]
    anew = [
        f"{name} {written(row[name])}"
        for name in found.cell.measure.components
        if name not in found.totals and name in row
    ]
    said = []
    if added:
        verb = "gives" if found.count == 1 else "add up to"
        said.append(f"{these} {verb} {', '.join(added)}, as the row says.")
    if anew:
        over = "all changes until then" if found.tree.is_state else "them alone"
        said.append(f"The measure calculated over {over}: {', '.join(anew)}, as the row says.")
    return " ".join(said)


def _told(found: Explanation, fact: dict[str, object]) -> str:
    at = fact[SOURCES[found.fact]]
    told = {*found.cell.dimensions, *found.cell.keys}
    words = [
        f"{name.removesuffix('_at')} {written(fact[name])}"
        for name in TELLING
        if fact.get(name) is not None and name not in told
    ]
    if found.tree.lasts:
        words += _part(found.cell, fact)
    return "  ".join([written(at), ", ".join(words)]).rstrip()


def _part(cell: Cell, fact: dict[str, object]) -> list[str]:
    """Return how much of a stretch that crosses an edge lies in the period."""
    started, ended = fact["started_at"], fact["ended_at"]
    if not (isinstance(started, datetime) and isinstance(ended, datetime)):
        return []
    inside = min(ended, cell.end) - max(started, cell.start)
    if inside == ended - started:
        return []
    return [f"of which {written(inside // timedelta(milliseconds=1))} in the period"]


def _event(event: Event) -> str:
    what = " ".join(
        [event.role]
        + ([event.scope] if event.scope else [])
        + ([f"at {written(event.event_at)}"] if event.event_at else [])
    )
    return f"{what}: {', '.join(_line(origin) for origin in event.origins) or 'no line'}"


def _line(origin: Origin) -> str:
    place = f":{origin.line_position}" if origin.line_position > 1 else ""
    copy = "" if origin.is_accepted else " (a copy that does not count)"
    return f"{origin.file_name}:{origin.line_number}{place}{copy}"


def written(value: object) -> str:
    """Return a value as people read it: times without empty fractions, numbers with commas."""
    if isinstance(value, datetime):
        return str(value).removesuffix("000") if value.microsecond else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return "null" if value is None else str(value)
