"""Which files have landed, by their names."""

from __future__ import annotations

import duckdb

from orchestration.home import Home
from orchestration.landing import lake


def landed_names(home: Home) -> set[str]:
    """Return the names of all files in the lake."""
    lake.ensure_lake(home)
    with duckdb.connect() as connection:
        rows = connection.execute(f"select distinct file_name from {lake.stored(home, 'files')}")
        return {name for (name,) in rows.fetchall()}
