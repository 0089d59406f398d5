"""Names of people and things beside their ids, as the dimensions know them last."""

from __future__ import annotations

from typing import Any

import duckdb

NAMES = {
    "user_id": ("user_name", "core.dim_users"),
    "org_id": ("org_slug", "core.dim_organizations"),
    "project_id": ("project_name", "core.dim_projects"),
    "task_id": ("task_name", "core.dim_tasks"),
    "label": ("label_name", "core.dim_labels"),
}
"""Column -> the column of its name, and the dimension that has both."""

NAME_COLUMNS = {name for name, _ in NAMES.values()}


def add_names(rows: list[dict[str, Any]], warehouse: duckdb.DuckDBPyConnection) -> None:
    """Put the name beside each id of the rows that has one; null where none is known."""
    for column in NAMES.keys() & (rows[0] if rows else {}):
        name, dimension = NAMES[column]
        ids = sorted({row[column] for row in rows if row[column] is not None})
        known = dict(
            warehouse.execute(
                f"select {column}, max({name}) from {dimension}"
                f" where {column} in (select unnest(?::varchar[])) group by all",
                [ids],
            ).fetchall()
        )
        for row in rows:
            row[name] = known.get(row[column])
