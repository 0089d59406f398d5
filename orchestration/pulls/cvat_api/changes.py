"""What a pull saw against what the lake knows: the resources that are new, changed or gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.home import Home
from orchestration.landing import sql
from orchestration.landing.lake import ensure_lake, stored
from orchestration.pulls.cvat_api.settings import Source

_ROWS_AT_ONCE = 10_000


class LastPull(NamedTuple):
    """The pull that landed last."""

    seen_at: datetime
    """UTC."""
    server: str | None
    """None where somebody landed a file without it."""
    organization: str | None

    @property
    def source(self) -> Source:
        """What was asked."""
        return Source(self.server or "a file", self.organization)


def last_pull(home: Home) -> LastPull | None:
    """Return the pull that landed last, None where none did."""
    ensure_lake(home)
    with duckdb.connect() as engine:
        row = engine.execute(
            f"select seen_at, server, organization from {stored(home, 'cvat_resources')}"
            " order by seen_at desc limit 1"
        ).fetchone()
    return LastPull(*row) if row else None


def write_changes(
    home: Home, seen: Path, target: Path, common: Mapping[str, Any]
) -> tuple[int, int]:
    """Write a line for each resource that changed; return how many did and how many are gone.

    `seen` has a line for each resource that there is: resource, id, and its attributes as text.
    Each line of `target` begins with `common`.
    """
    changed = gone = 0
    with duckdb.connect() as engine, target.open("w", encoding="utf-8") as out:
        found = engine.execute(_changes(home, seen))
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            for resource, number, attributes in rows:
                line = {**common, "resource": resource, "id": number}
                if attributes is None:
                    gone += 1
                    line["is_gone"] = True
                else:
                    changed += 1
                    line["attributes"] = json.loads(attributes)
                out.write(json.dumps(line) + "\n")
    return changed, gone


def _changes(home: Home, seen: Path) -> str:
    """Rows resource, id, attributes: no attributes where the resource is gone."""
    columns = "{'resource': 'VARCHAR', 'id': 'BIGINT', 'attributes': 'VARCHAR'}"
    return f"""
        with seen as (
            select resource, id, json(attributes)::varchar as attributes
            from read_json({sql.text(seen)}, columns = {columns}, format = 'newline_delimited')
            -- Once each, should a list show one twice.
            qualify row_number() over (partition by resource, id order by attributes desc) = 1
        ),
        -- The order is that of int_cvat__resource_versions.
        known as (
            select resource, resource_id as id, json(attributes)::varchar as attributes
            from {stored(home, "cvat_resources")}
            qualify row_number() over (
                partition by resource, resource_id
                order by seen_at desc, is_gone desc, attributes desc
            ) = 1
        )
        select resource, id, seen.attributes
        from seen
        full join known using (resource, id)
        where seen.attributes is distinct from known.attributes
        order by resource, id
    """
