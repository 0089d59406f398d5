"""States: which changes stand at the end of a period, and all that came before."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from orchestration.explain.cells import Cell
from orchestration.explain.lineage import Lineage
from orchestration.explain.opened import FILE, literal, matching, rows
from orchestration.explain.trial import table_of

SHOWN = "memory.main.shown"
"""The facts to show, numbered by n in the order of their time."""

ANNOUNCEMENTS = "core.fct_assignment_changes"
"""Tell how many items an assignment has."""


class State(NamedTuple):
    """How the changes of a fact make a state."""

    bearer: str
    """What is in a state."""
    identity: str
    """Key of the change; decides at one instant, after the status."""
    component: str
    """Counts the bearers in a status."""
    holds: str
    """Whether the change leaves its bearer in a status at all."""


STATES = {
    "core.fct_issue_changes": State("issue_id", "issue_change_id", "issue_count", "true"),
    "core.fct_item_statuses": State("item_id", "item_status_id", "item_count", "not is_cleared"),
}


def choose_standing(
    engine: duckdb.DuckDBPyConnection, cell: Cell, tree: Lineage
) -> dict[str, object]:
    """Take all changes of the cell's group until the period's end; show those that stand then."""
    (source,) = STATES.keys() & set(tree.sources)
    for name in tree.sources:
        engine.execute(
            f"create or replace table {table_of(name)} as"
            " select row_number() over (order by changed_at, all_of::varchar) as n, all_of.*"
            f" from {FILE}.{name} as all_of"
            f" where changed_at < {literal(cell.end)}::timestamp and {_group(cell, name)}"
        )
    state = STATES[source]
    engine.execute(
        f"create or replace table {SHOWN} as from {table_of(source)} where true"
        f" qualify row_number() over (partition by {state.bearer}"
        f" order by changed_at desc, status desc, {state.identity} desc) = 1"
        f" and {matching(cell.row, ['status'])} and {state.holds}"
    )
    return rows(engine, f"select count(*) as {state.component} from {SHOWN}")[0]


def choose_announcement(engine: duckdb.DuckDBPyConnection) -> str:
    """Return a table of the last announcement of items among the changes, if there was one."""
    table = "memory.main.announcement"
    engine.execute(
        f"create or replace table {table} as from {table_of(ANNOUNCEMENTS)}"
        " where total_items is not null order by changed_at desc, total_items desc limit 1"
    )
    return table


def _group(cell: Cell, source: str) -> str:
    if source == "core.fct_issue_changes":
        # An issue stands where it first stood.
        contexts = f"from {FILE}.rollups.issue_contexts where {matching(cell.row, cell.dimensions)}"
        return (
            f"issue_id is not null and issue_context_key in (select issue_context_key {contexts})"
        )
    if source == ANNOUNCEMENTS:
        return matching(cell.row, ["assignment_id"])
    return matching(cell.row, cell.dimensions)
