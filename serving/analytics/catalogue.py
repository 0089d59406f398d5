"""What a publication can answer: its measures, the families they are counted from, their views.

Nothing of a measure is said here. The registry (core.measures, core.measure_answers), the families
as dbt wrote them down (rollups.families) and the text of the measures' own views say it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import duckdb

from serving.analytics.views import Tree, parse
from serving.refusal import Refused


@dataclass(frozen=True)
class Measure:
    """One measure, as the registry has it."""

    name: str
    """As the API spells it, such as activeUsers."""
    relation: str
    """As SQL spells it, such as active_users."""
    dimensions: tuple[str, ...]
    keys: tuple[str, ...]
    components: tuple[str, ...]
    has_value: bool
    additivity: str
    default_granularity: str | None
    description: str
    answer: tuple[tuple[str, str], ...]
    """Name in the answer -> column, or `column/column`; the name `*`: the values alone."""
    fixed_dimensions: tuple[str, ...]
    """Dimensions that stand in every row of the answer."""
    values_of: str | None
    """The column over whose values percentiles are counted."""
    unit: str


@dataclass(frozen=True)
class Family:
    """Facts of one kind and how they are counted: what a macro of macros/families says."""

    name: str
    facts: str
    where: str
    at: str | None
    """The column that puts a fact into time; None: stretches, from started_at to ended_at."""
    context: str
    dimensions: tuple[str, ...]
    joined_dimensions: tuple[str, ...]
    """Those that the roll-up does not show itself: its integer stands for them."""
    keys: tuple[str, ...]
    components: dict[str, tuple[str, str]]
    """Component -> expression over a fact, and the function that adds it up."""
    aggregates: dict[str, str]
    """Component -> aggregate over facts; such a family has no roll-up that could be used."""
    shares_rows: bool
    """Whether a row of the roll-up names each period that it is the row of."""

    @property
    def rollup(self) -> str:
        """The table that holds its hours, days, weeks and months."""
        return f"rollups.rollup_{self.name}"

    @property
    def columns(self) -> tuple[str, ...]:
        """What its rows have beside their time."""
        return (*self.dimensions, *self.keys, *self.components, *self.aggregates)

    @property
    def stored(self) -> set[str]:
        """What of it the roll-up shows itself."""
        return {*self.columns} - {*self.joined_dimensions}


@dataclass(frozen=True)
class Catalogue:
    """What one publication can answer."""

    measures: dict[str, Measure]
    families: dict[str, Family]
    """By each name that a view may read the family under."""
    views: dict[str, Tree]
    """Relation of a measure, and of item states -> its parsed view."""
    reporting_timezone: str


def camel(column: str) -> str:
    """Return the API's spelling of a column."""
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)


DIMENSIONS = {
    camel(name): name
    for name in (
        *("user_id", "org_id", "project_id", "account_id", "dataset_id", "task_id"),
        *("assignment_id", "item_id", "service_id", "pod_id", "model_id", "snapshot_id"),
        *("pipeline_id", "trigger_id", "pipeline_execution_id", "node_id", "ontology_id"),
    )
}
"""The 17 dimensions of the context, as the API spells them -> the column."""


def catalogue_of(warehouse: duckdb.DuckDBPyConnection) -> Catalogue:
    """Return the catalogue of the file that the connection reads.

    Raises Refused (503) where another version of the project made the file.
    """
    try:
        signed = warehouse.execute("select build_id, published_at from quality.publication")
        key = str(signed.fetchone())
    except duckdb.CatalogException:
        # A build file: the next build may change what it holds.
        return _load(warehouse)
    known = _LATEST.get(key)
    if known is None:
        known = _load(warehouse)
        _LATEST.clear()
        _LATEST[key] = known
    return known


_LATEST: dict[str, Catalogue] = {}
"""The catalogue of the publication read last: the next request nearly always asks the same."""


def _load(warehouse: duckdb.DuckDBPyConnection) -> Catalogue:
    try:
        described = dict(
            warehouse.execute("select name, description from rollups.families").fetchall()
        )
        registry = warehouse.execute(
            "select measures.*, answers.columns as answer_columns, answers.fixed_dimensions,"
            " answers.values_of from core.measures as measures"
            " left join core.measure_answers as answers using (measure_type) order by number"
        )
        names = [column[0] for column in registry.description]
        rows = [dict(zip(names, row, strict=True)) for row in registry.fetchall()]
    except duckdb.CatalogException as error:
        line = str(error).splitlines()[0]
        raise Refused(
            503, f"What is published was made by another version: {line}. Run: warehouse refresh"
        ) from error
    families = {}
    zone = "UTC"
    for name, text in described.items():
        said = json.loads(text)
        zone = said["reporting_timezone"]
        families[f"{name}_by_period"] = _family(name, said)
    texts = _view_texts(warehouse)
    views = {name: parse(warehouse, text) for name, text in texts.items()}
    views |= {name: views.get(_held_ready(view), view) for name, view in views.items()}
    # A family without a relation of its own is a step of the one measure that it is for.
    read = {name for view in views.values() for _, name in view.relations}
    families |= {one.name: one for name, one in families.items() if name not in read}
    measures = {row["measure_type"]: _measure(row, views[row["relation"]].columns) for row in rows}
    return Catalogue(measures, families, views, zone)


def _held_ready(view: Tree) -> str:
    """Return the view that defines what a measure reads, where a roll-up holds just that ready."""
    names = [name for schema, name in view.relations if schema == "rollups"]
    return names[0].removesuffix("_by_period") if len(names) == 1 else ""


def _view_texts(warehouse: duckdb.DuckDBPyConnection) -> dict[str, str]:
    found = warehouse.execute(
        "select view_name, sql from duckdb_views() where database_name = current_database()"
        " and (schema_name = 'measures' or schema_name = 'rollups' and view_name in"
        " ('item_states_by_period', 'issue_states_by_period', 'item_times'))"
    ).fetchall()
    return {name: re.sub(r"^CREATE VIEW \S+ AS ", "", text) for name, text in found}


def _family(name: str, said: dict[str, Any]) -> Family:
    return Family(
        name=name,
        facts=said["facts"],
        where=said["where"],
        at=said["at"],
        context=said["context"],
        dimensions=tuple(said["dimensions"]),
        joined_dimensions=tuple(said["joined_dimensions"]),
        keys=tuple(said["keys"]),
        components={key: tuple(parts) for key, parts in said.get("components", {}).items()},
        aggregates=said.get("aggregates", {}),
        shares_rows=said.get("shares_rows", False),
    )


def _measure(row: dict[str, Any], columns: list[str]) -> Measure:
    keys = str(row["keys"] or "").split()
    components = str(row["components"] or "").split()
    value = ["value"] if row["value"] else []
    dimensions = tuple(name for name in columns if name in DIMENSIONS.values())
    written = str(row["answer_columns"] or "").split()
    answer = (
        tuple((name, column) for name, _, column in (part.partition("=") for part in written))
        if written
        else tuple((camel(name), name) for name in (*keys, *components, *value))
    )
    return Measure(
        name=row["measure_type"],
        relation=row["relation"],
        dimensions=dimensions,
        keys=tuple(keys),
        components=tuple(components),
        has_value=bool(value),
        additivity=row["additivity"],
        default_granularity=row["default_granularity"] or None,
        description=row["description"],
        answer=answer,
        fixed_dimensions=tuple(str(row["fixed_dimensions"] or "").split()),
        values_of=row["values_of"] or None,
        unit=row["unit"],
    )
