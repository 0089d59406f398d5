"""Which build the readers see: the one row of quality.publication in the published file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestration.errors import WarehouseError
from orchestration.home import Home


@dataclass(frozen=True)
class Publication:
    """One published state. Times are UTC without a zone."""

    build_id: str
    published_at: datetime
    data_through: datetime | None
    """Time of the latest event in it."""


def read_publication(home: Home) -> Publication | None:
    """Return what is published, None where nothing is.

    Raises WarehouseError where the file cannot be read: another process has it open for writing,
    or it is no published warehouse.
    """
    import duckdb

    if not home.published_file.exists():
        return None
    try:
        with duckdb.connect(str(home.published_file), read_only=True) as reader:
            row = reader.execute(
                "select build_id, published_at, data_through from quality.publication"
            ).fetchone()
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{home.published_file} cannot be read: {line}") from error
    if row is None:
        raise WarehouseError(f"{home.published_file} does not say which build it holds")
    return Publication(*row)
