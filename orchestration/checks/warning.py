"""What our own checks of a build have in common: they read the build file, and only ever warn."""

# No postponed annotations here: Dagster reads the annotations themselves.
from collections.abc import Callable
from typing import Any, NamedTuple

import dagster as dg
import duckdb

from orchestration.build.record import read_record
from orchestration.checks.limits import LINES
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.reporter import Reporter
from orchestration.zone import reporting_timezone

Find = Callable[[duckdb.DuckDBPyConnection, str], list[str]]
"""(build file, reporting time zone) -> one line a finding, the most telling first. A line is
`who: what`, such as a user and day, and what is odd about them."""

ROWS = 500
"""How many findings the table in Dagster holds."""


class WarningCheck(NamedTuple):
    """A check that warns."""

    name: str
    asset: str
    """`folder/model`"""
    description: str
    find: Find

    @property
    def asset_key(self) -> dg.AssetKey:
        """The key of the asset in Dagster."""
        return dg.AssetKey(self.asset.split("/"))


def define_warning(warning: WarningCheck) -> dg.AssetChecksDefinition:
    """Return the asset check. It passes where nothing is found.

    `blocking` makes the publication wait for it; since it warns, the publication goes on.
    """

    @dg.asset_check(
        name=warning.name,
        asset=warning.asset_key,
        description=warning.description,
        blocking=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> dg.AssetCheckResult:
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            return dg.AssetCheckResult(**evaluated(warning, context.log, home, reporter))

    return check


def evaluated(
    warning: WarningCheck, log: dg.DagsterLogManager, home: Home, reporter: Reporter
) -> dict[str, Any]:
    """Make the check, tell what it finds, and return the result's fields.

    The caller holds the write lock.
    """
    found = findings(home, warning.find)
    if found:
        log.warning("\n".join([f"{warning.name}:", *found]))
        reporter.found(warning.name, found)
    return {
        "passed": not found,
        "severity": dg.AssetCheckSeverity.WARN,
        "description": _listed(found),
        "metadata": {"findings": len(found), **_table(found)},
    }


def findings(home: Home, find: Find) -> list[str]:
    """Return what is found in the build file of the home, or why that cannot be said.

    A check that cannot be made must not keep a build from readers.
    """
    record = read_record(home)
    try:
        with duckdb.connect(str(home.build_file), read_only=True) as build:
            return find(build, reporting_timezone(record.variables if record else None))
    except (WarehouseError, duckdb.Error) as error:
        return [f"This could not be checked: {str(error).splitlines()[0]}"]


def _table(found: list[str]) -> dict[str, dg.TableMetadataValue]:
    rows = [line.split(": ", 1) for line in found[:ROWS]]
    if not rows:
        return {}
    records = [dg.TableRecord({"who": who, "what": what}) for who, what in rows]
    return {"table": dg.MetadataValue.table(records)}


def _listed(found: list[str]) -> str:
    more = [f"and {len(found) - LINES:,} more"] if len(found) > LINES else []
    return "\n".join([*found[:LINES], *more]) or "nothing"
