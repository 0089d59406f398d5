"""The lake on disk: one folder a load, which appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.home import Home
from orchestration.landing import sql
from orchestration.landing.outcome import LandingError
from orchestration.landing.schemas import SCHEMAS

EMPTY = "empty"
INCOMING = ".incoming-"
UNUSABLE = "*?[\\'{}#"
"""Characters that the path of a home cannot have."""


@dataclass(frozen=True)
class LoadStamp:
    """Name and time of one load."""

    load_id: str
    landed_at: datetime
    """UTC, without a zone."""

    @classmethod
    def now(cls) -> LoadStamp:
        """Return a new stamp; load ids sort by time."""
        at = datetime.now(UTC).replace(tzinfo=None)
        millis = f"{at.microsecond // 1000:03d}"
        return cls(f"{at:%Y%m%dT%H%M%S}{millis}Z-{secrets.token_hex(3)}", at)

    @property
    def landed_at_sql(self) -> str:
        """The time as an SQL literal."""
        return f"timestamp '{self.landed_at:%Y-%m-%d %H:%M:%S.%f}'"


def loads(home: Home) -> list[str]:
    """Return the ids of all loads in the lake, oldest first."""
    if not home.lake.is_dir():
        return []
    return sorted(
        entry.name
        for entry in home.lake.iterdir()
        if entry.is_dir() and entry.name != EMPTY and not entry.name.startswith(".")
    )


def ensure_lake(home: Home) -> None:
    """Make `lake/empty`: a Parquet without rows for each relation, so that globs always match.

    Raises LandingError where the home's path is none that DuckDB and dbt can read from.
    """
    _refuse_pattern(home)
    folder = home.lake / EMPTY
    missing = [
        relation
        for relation, columns in SCHEMAS.items()
        if not _has_columns(folder / f"{relation}.parquet", columns)
    ]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for relation in missing:
            columns = ", ".join(
                f"null::{type_} as {sql.name(column)}"
                for column, type_ in SCHEMAS[relation].items()
            )
            unfinished = folder / f".{relation}"
            connection.execute(
                f"copy (select {columns} limit 0) to {sql.text(unfinished)} (format parquet)"
            )
            unfinished.replace(folder / f"{relation}.parquet")


def _refuse_pattern(home: Home) -> None:
    # DuckDB takes the lake's path as a pattern, dbt writes it into SQL, fills in
    # its braces and cuts it at a fragment.
    if bad := sorted(set(str(home.root)) & set(UNUSABLE)):
        raise LandingError(
            f"WAREHOUSE_HOME is {home.root}: its path must be without {' '.join(bad)};"
            " name another folder"
        )


def _has_columns(path: Path, columns: Mapping[str, str]) -> bool:
    return path.exists() and pq.read_schema(path).names == list(columns)


def remove_unfinished(home: Home) -> None:
    """Remove what a killed load left behind. The caller holds the writers' lock."""
    for folder in home.lake.glob(f"{INCOMING}*"):
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One row of the manifest, as far as landing asks for it."""

    sha256: str
    file_name: str
    """The base name as text."""
    file_path: str
    """The absolute path as text."""
    byte_count: int
    modified_us: int
    landed_at: datetime


def manifest(connection: duckdb.DuckDBPyConnection, home: Home) -> list[LandedFile]:
    """Return every file that ever landed."""
    files = [home.lake / load_id / "files.parquet" for load_id in loads(home)]
    present = ", ".join(sql.text(path) for path in files if path.exists())
    if not present:
        return []
    rows = connection.execute(
        "select sha256, file_name, file_path, byte_count, epoch_us(modified_at), landed_at"
        f" from read_parquet([{present}])"
    )
    return [LandedFile(*row) for row in rows.fetchall()]


def stored(home: Home, relation: str) -> str:
    """Return a table function over one relation of the whole lake. `ensure_lake` comes first."""
    paths = [home.lake / name / f"{relation}.parquet" for name in (EMPTY, *loads(home))]
    present = ", ".join(sql.text(path) for path in paths if path.exists())
    return f"read_parquet([{present}], union_by_name = true)"


def last_number(connection: duckdb.DuckDBPyConnection, home: Home) -> int:
    """Return the highest number in quarantine, mended rows included; 0 where it is empty."""
    query = f"select coalesce(max(quarantine_number), 0) from {stored(home, 'quarantine')}"
    (number,) = connection.execute(query).fetchone()
    return number


def write_load(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    stamp: LoadStamp,
    relations: dict[str, str],
) -> None:
    """Write a load's relations and let its folder appear by one rename.

    `relations` holds a query for each relation that has rows. A glob over `lake/*` matches
    hidden folders too, so the files are written one level deeper, out of its reach.
    """
    incoming = home.lake / f"{INCOMING}{stamp.load_id}"
    folder = incoming / "load"
    folder.mkdir(parents=True)
    for relation, query in relations.items():
        columns = ", ".join(
            f"cast({sql.name(column)} as {type_}) as {sql.name(column)}"
            for column, type_ in SCHEMAS[relation].items()
        )
        # Batches are long rows: small row groups keep the writer's memory bounded.
        rows = ", row_group_size 4096" if relation == "cvat_client_batches" else ""
        path = folder / f"{relation}.parquet"
        # A higher level writes as many bytes, dearer.
        connection.execute(
            f"copy (select {columns} from ({query})) to {sql.text(path)}"
            f" (format parquet, compression zstd, compression_level 1{rows})"
        )
    _flush([*folder.iterdir(), folder])
    os.rename(folder, home.lake / stamp.load_id)
    incoming.rmdir()
    _flush([home.lake])


def _flush(paths: Sequence[Path]) -> None:
    """Ask the system to have files and folders on disk before anything relies on them."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
