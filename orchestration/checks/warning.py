"""The asset check that all our own checks are: it reads the build file, and only ever warns."""

# No postponed annotations here: Dagster reads the annotations themselves.
from collections.abc import Callable

import dagster as dg
import duckdb

from orchestration.build.record import read_record
from orchestration.checks.limits import LINES
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.zone import reporting_timezone

Find = Callable[[duckdb.DuckDBPyConnection, str], list[str]]
"""(build file, reporting time zone) -> one line a finding, the most telling first."""


def define_warning(name: str, asset: str, description: str, find: Find) -> dg.AssetChecksDefinition:
    """Return the check of one asset (`folder/model`). It passes where nothing is found.

    `blocking` makes the publication wait for it; since it warns, the publication goes on.
    """

    @dg.asset_check(
        name=name, asset=dg.AssetKey(asset.split("/")), description=description, blocking=True
    )
    def check(
        context: dg.AssetCheckExecutionContext, home: dg.ResourceParam[Home]
    ) -> dg.AssetCheckResult:
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            found = findings(home, find)
        if found:
            context.log.warning("\n".join([f"{name}:", *found]))
        return dg.AssetCheckResult(
            passed=not found,
            severity=dg.AssetCheckSeverity.WARN,
            description=_listed(found),
            metadata={"findings": len(found)},
        )

    return check


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


def _listed(found: list[str]) -> str:
    more = [f"and {len(found) - LINES:,} more"] if len(found) > LINES else []
    return "\n".join([*found[:LINES], *more]) or "nothing"
