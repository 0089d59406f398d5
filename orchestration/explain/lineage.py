"""What a measure is calculated from: the text of its views, down to the facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import duckdb

from orchestration.errors import WarehouseError
from orchestration.explain.opened import FILE, literal, rows

RELATION = re.compile(r"\b(?:core|rollups|measures)\.\w+")

SOURCES = {
    "core.fct_activity": "started_at",
    "core.fct_annotation_actions": "action_at",
    "core.fct_assignment_changes": "changed_at",
    "core.fct_assignments": "first_event_at",
    "core.fct_events": "event_at",
    "core.fct_executions": "changed_at",
    "core.fct_issue_changes": "changed_at",
    "core.fct_issue_cycles": "opened_at",
    "core.fct_item_statuses": "changed_at",
    "core.fct_model_metrics": "measured_at",
    "core.fct_pipeline_executions": "changed_at",
    "core.fct_service_samples": "started_at",
    "core.fct_user_events": "event_at",
    "rollups.issue_times": "measured_at",
}
"""The facts -> the time that puts them into a period. Here a lineage ends."""

STRETCHES = {"rollups.activity_by_period", "rollups.service_uptime_by_period"}
"""Families of stretches."""

STATES = {"rollups.issue_states_by_period", "rollups.item_states_by_period"}
"""Families of states: all that came before counts."""

MINUTES_HELD = {"rollups.events_by_period"}
"""Families whose roll-up holds minutes, too: only their seconds are counted from the facts."""


@dataclass
class Lineage:
    """The relations under a measure, each by schema and name."""

    views: list[str] = field(default_factory=list)
    """Views to calculate anew, each after those that it reads."""
    sources: list[str] = field(default_factory=list)
    """Facts."""
    tables: list[str] = field(default_factory=list)
    """What else is read: roll-ups, contexts, seeds."""

    inner: set[str] = field(default_factory=set)
    """Of the views, those that another view of all granularities reads."""

    @property
    def families(self) -> list[str]:
        """The views that hold all six granularities, of several in a row the last."""
        return [name for name in self.views if _has_all(name) and name not in self.inner]

    @property
    def counted(self) -> str:
        """The coarsest granularity that all families count from the facts."""
        return "second" if MINUTES_HELD & set(self.views) else "minute"

    @property
    def lasts(self) -> bool:
        """Whether the facts are stretches, of which a period takes what lies in it."""
        return bool(STRETCHES & set(self.views))

    @property
    def is_state(self) -> bool:
        """Whether the measure says how things stand at the end of a period."""
        return bool(STATES & set(self.views))


def lineage(engine: duckdb.DuckDBPyConnection, relation: str) -> Lineage:
    """Return what is under the relation, which is a view. Raises WarehouseError if it is none."""
    found = Lineage()
    _walk(engine, relation, found)
    return found


def view_text(engine: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the statement that makes the view."""
    text = _view(engine, relation)
    if text is None:
        raise WarehouseError(f"The file holds no view {relation}. Run: warehouse build")
    return text


def _walk(engine: duckdb.DuckDBPyConnection, relation: str, found: Lineage) -> None:
    if relation in {*found.views, *found.sources, *found.tables}:
        return
    if relation in SOURCES:
        found.sources.append(relation)
        return
    text = _view(engine, relation)
    if text is None:
        found.tables.append(relation)
        return
    known = len(found.views)
    for name in RELATION.findall(text):
        if name != relation:
            _walk(engine, name, found)
    if _has_all(relation):
        found.inner.update(found.views[known:])
    found.views.append(relation)


def _has_all(view: str) -> bool:
    return view.endswith("_by_period")


def _view(engine: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    schema, name = relation.split(".")
    found = rows(
        engine,
        f"select sql from duckdb_views() where database_name = '{FILE}'"
        f" and schema_name = {literal(schema)} and view_name = {literal(name)}",
    )
    return str(found[0]["sql"]) if found else None
