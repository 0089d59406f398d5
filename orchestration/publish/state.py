"""Making the state that readers see out of the build file."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.build.record import BuildRecord
from orchestration.build.through import EVENT_TIMES
from orchestration.errors import WarehouseError
from orchestration.publish.blocks import parts_with
from orchestration.publish.copying import clone
from orchestration.publish.needed import needed_relations


def quoted(name: str) -> str:
    """Return the name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def make_state(build: Path, copy: Path, record: BuildRecord) -> None:
    """Make a state to publish out of a build file: trimmed, signed, read through, closed.

    What readers do not need is not even copied: it takes no room in what they open. Raises
    WarehouseError where a view of it cannot be read.
    """
    clone(build, copy, parts_with(build, needed_relations))
    with duckdb.connect(str(copy)) as state:
        _drop_unneeded(state)
        _sign(state, record)
        _read_every_view(state)
        state.execute("checkpoint")
    _seal(copy)


def sign_again(
    copy: Path, build_id: str, published_at: datetime, rolled_back_from: str | None
) -> None:
    """Turn the copy of a kept state into a state to publish: signed anew (time in UTC), closed.

    Raises WarehouseError where it holds another build than its name says.
    """
    with duckdb.connect(str(copy)) as state:
        held = state.execute("select build_id from quality.publication").fetchall()
        if held != [(build_id,)]:
            raise WarehouseError(f"Not published: the state kept as {build_id} is of another build")
        state.execute(
            "alter table quality.publication add column if not exists rolled_back_from varchar"
        )
        state.execute(
            "update quality.publication set published_at = ?, rolled_back_from = ?",
            [published_at, rolled_back_from],
        )
        state.execute("checkpoint")
    _seal(copy)


def _seal(copy: Path) -> None:
    """Nobody writes into what readers open, and it is on disk before they do."""
    copy.chmod(0o444)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _drop_unneeded(state: duckdb.DuckDBPyConnection) -> None:
    needed = needed_relations(state)
    kept_schemas = {schema for schema, _ in needed}
    for kind, relations in (("view", "duckdb_views()"), ("table", "duckdb_tables()")):
        rows = state.execute(
            f"select schema_name, {kind}_name from {relations} where not internal"
            " and database_name = current_database()"
        ).fetchall()
        for schema, name in set(rows) - needed:
            state.execute(f"drop {kind} {quoted(schema)}.{quoted(name)}")
    schemas = state.execute(
        "select schema_name from duckdb_schemas() where not internal"
        " and database_name = current_database()"
    ).fetchall()
    for (schema,) in schemas:
        if schema not in kept_schemas:
            state.execute(f"drop schema {quoted(schema)} cascade")


def _sign(state: duckdb.DuckDBPyConnection, record: BuildRecord) -> None:
    known = [time for time in record.data_through.values() if time]
    of_sources = "".join(f" cast(? as timestamp) as {source}_through," for source in EVENT_TIMES)
    state.execute("create schema if not exists quality")
    state.execute(
        "create or replace table quality.publication as select"
        " cast(? as varchar) as build_id,"
        " cast(? as timestamp) as published_at,"
        " cast(? as timestamp) as data_through,"
        f"{of_sources}"
        " cast(null as varchar) as rolled_back_from",
        [
            record.build_id,
            datetime.now(UTC).replace(tzinfo=None),
            max(known, default=None),
            *(record.data_through.get(source) for source in EVENT_TIMES),
        ],
    )
    state.execute(
        "comment on table quality.publication is"
        " 'Which build this file holds, when it was published, and the time of its latest events'"
    )


def _read_every_view(state: duckdb.DuckDBPyConnection) -> None:
    """Bind every view: one that reads a dropped schema or another file must not reach readers."""
    views = state.execute(
        "select schema_name, view_name from duckdb_views() where not internal"
        " and database_name = current_database()"
    ).fetchall()
    broken: defaultdict[str, list[str]] = defaultdict(list)
    for schema, view in views:
        try:
            state.execute(f"describe {quoted(schema)}.{quoted(view)}")
        except duckdb.Error as error:
            broken[str(error).splitlines()[0]].append(f"{schema}.{view}")
    if broken:
        lines = [f"  {_some(names)}: {reason}" for reason, names in broken.items()]
        raise WarehouseError(
            "\n".join(["Not published: these views read what is not published.", *lines])
        )


def _some(names: list[str]) -> str:
    """Return the shortest name, and how many others there are: one cause breaks many views."""
    first = min(names, key=lambda name: (len(name), name))
    return first if len(names) == 1 else f"{first} and {len(names) - 1} more"
