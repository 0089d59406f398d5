"""A measure's own view as DuckDB parses it, taken again at other dimensions than all of them.

A view groups by every dimension of its measure. Leaving out those that nobody asked for gives the
same measure for the whole slice: its sums, extremes, distinct counts and quotients are then those
of the slice. So the text of the view stays the only definition there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

import duckdb

from serving.refusal import Refused

Node = dict[str, Any]


class Tree:
    """One parsed SELECT. Changing it gives another Tree."""

    def __init__(self, statement: Node) -> None:
        """Take what json_serialize_sql gives."""
        self._statement = statement

    @property
    def _root(self) -> Node:
        return self._statement["statements"][0]["node"]

    @property
    def columns(self) -> list[str]:
        """The names of the columns that it gives, in order."""
        return [_name(item) for item in self._root["select_list"]]

    @property
    def renamed(self) -> dict[str, str]:
        """Column that it gives -> the column it is taken from, where the names differ."""
        return {
            item["alias"]: item["column_names"][-1]
            for item in self._root["select_list"]
            if _is_column(item) and item.get("alias") not in ("", None, item["column_names"][-1])
        }

    @property
    def mentioned(self) -> set[str]:
        """Every column that it names anywhere."""
        return {node["column_names"][-1] for node in _nodes(self._root) if _is_column(node)}

    @property
    def steps(self) -> list[str]:
        """The names of its own steps (CTEs)."""
        return [step["key"] for node in _nodes(self._root) for step in _steps(node)]

    @property
    def relations(self) -> list[tuple[str, str]]:
        """Schema and name of what it reads, its own steps left out."""
        found = [
            (node.get("schema_name", ""), node["table_name"])
            for node in _nodes(self._root)
            if node.get("type") == "BASE_TABLE"
        ]
        return [(schema, name) for schema, name in dict.fromkeys(found) if name not in self.steps]

    @property
    def is_grouped(self) -> bool:
        """Whether it gives one row for many."""
        return self._root.get("aggregate_handling") == "FORCE_AGGREGATES"

    def added_up(self, sums: Tree) -> Tree:
        """Return it grouped by all, each column that `sums` gives as what that makes of it.

        For a view that shows rows of a family as they are: of a slice there are many of them.
        """

        def change(root: Node) -> None:
            root["aggregate_handling"] = "FORCE_AGGREGATES"
            root["select_list"] = [
                {**added(item), "alias": _name(item)} for item in root["select_list"]
            ]

        def added(node: Any) -> Any:
            if isinstance(node, list):
                return [added(child) for child in node]
            if not isinstance(node, dict):
                return node
            if _is_column(node) and node["column_names"][-1] in made:
                return {**made[node["column_names"][-1]], "alias": ""}
            return {name: added(child) for name, child in node.items()}

        made = {_name(item): item for item in sums._root["select_list"]}
        return self._changed(change)

    def without_dimensions(self, dimensions: Collection[str]) -> Tree:
        """Return the same measure over all values of these dimensions together."""

        def change(root: Node) -> None:
            used = set(_used_in_functions(root))
            for node in _nodes(root):
                if node.get("type") == "SELECT_NODE":
                    kept = used if node is not root else set()
                    node["select_list"] = [
                        item
                        for item in node["select_list"]
                        if not (_is_column(item) and _name(item) in dimensions - kept)
                    ]
                if node.get("class") == "WINDOW":
                    node["partitions"] = [
                        part
                        for part in node["partitions"]
                        if not (_is_column(part) and _name(part) in dimensions)
                    ]

        dimensions = frozenset(dimensions)
        return self._changed(change)

    def without_step(self, name: str) -> Tree:
        """Return it without one of its steps (a CTE), for which something else stands in."""

        def change(root: Node) -> None:
            root["cte_map"]["map"] = [step for step in _steps(root) if step["key"] != name]

        return self._changed(change)

    def without_item(self, name: str) -> Tree:
        """Return it without the columns of that name, in every step."""

        def change(root: Node) -> None:
            for node in _nodes(root):
                if node.get("type") == "SELECT_NODE":
                    node["select_list"] = [
                        item for item in node["select_list"] if _name(item) != name
                    ]

        return self._changed(change)

    def with_items_of(self, other: Tree) -> Tree:
        """Return it with the columns of another SELECT beside its own."""

        def change(root: Node) -> None:
            root["select_list"] += other._root["select_list"]

        return self._changed(change)

    def reading_steps(self, names: Collection[str]) -> Tree:
        """Return it reading these relations as steps of an outer query, without their schema."""

        def change(root: Node) -> None:
            for node in _nodes(root):
                if node.get("type") == "BASE_TABLE" and node["table_name"] in names:
                    node["schema_name"] = ""

        return self._changed(change)

    def text(self, warehouse: duckdb.DuckDBPyConnection) -> str:
        """Return it as SQL."""
        found = warehouse.execute(
            "select json_deserialize_sql(cast(? as json))", [json.dumps(self._statement)]
        ).fetchone()
        assert found is not None
        return str(found[0])

    def _changed(self, change: Callable[[Node], None]) -> Tree:
        # Faster than a deep copy.
        changed = Tree(json.loads(json.dumps(self._statement)))
        change(changed._root)
        return changed


def parse(warehouse: duckdb.DuckDBPyConnection, text: str) -> Tree:
    """Parse the SELECT of a view. Raises Refused (503) where DuckDB cannot."""
    found = warehouse.execute("select json_serialize_sql(?)", [text]).fetchone()
    assert found is not None
    statement = json.loads(found[0])
    if statement["error"]:
        raise Refused(503, f"A view cannot be read: {statement['error_message']}")
    return Tree(statement)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        for child in list(value.values()):
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in list(value):
            yield from _nodes(child)


def _steps(node: Node) -> list[Node]:
    return (node.get("cte_map") or {}).get("map") or []


def _is_column(node: Node) -> bool:
    return node.get("class") == "COLUMN_REF"


def _name(item: Node) -> str:
    return item.get("alias") or (item["column_names"][-1] if _is_column(item) else "")


def _used_in_functions(root: Node) -> Iterator[str]:
    for node in _nodes(root):
        if node.get("class") == "FUNCTION":
            yield from (part["column_names"][-1] for part in _nodes(node) if _is_column(part))
