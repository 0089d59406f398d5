"""Which measures the file has: its registry, core.measures."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import duckdb

from orchestration.errors import UsageError, WarehouseError
from orchestration.explain.opened import read


@dataclass(frozen=True)
class Measure:
    """One measure, as the registry has it."""

    name: str
    """As an API spells it, such as activeUsers."""
    relation: str
    """As SQL spells it, such as active_users."""
    keys: list[str]
    components: list[str]
    additivity: str
    default_granularity: str


def find_measure(engine: duckdb.DuckDBPyConnection, name: str) -> Measure:
    """Return the measure of that API name or relation. Raises UsageError where there is none."""
    try:
        known = read(engine, "from core.measures")
    except duckdb.Error as error:
        raise WarehouseError("The file holds no measures. Run: warehouse build") from error
    asked = name.removeprefix("measures.")
    for row in known:
        if asked in (row["measure_type"], row["relation"]):
            return Measure(
                name=str(row["measure_type"]),
                relation=str(row["relation"]),
                keys=str(row["keys"] or "").split(),
                components=str(row["components"] or "").split(),
                additivity=str(row["additivity"]),
                default_granularity=str(row["default_granularity"] or "day"),
            )
    names = [str(row[column]) for column in ("measure_type", "relation") for row in known]
    close = get_close_matches(asked, names, n=1)
    hint = f"Did you mean {close[0]}?" if close else "They are listed in core.measures."
    raise UsageError(f"There is no measure {name!r}. {hint}")
